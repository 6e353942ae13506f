package io.millrace.slicing;

import java.lang.foreign.MemorySegment;

/**
 * The attributes of the edges of one layer, off-heap, in the order of its {@code indices}. What the
 * slicer was not asked for is empty.
 *
 * @param ids int64 {@code [numEdges]}: the positions of the edges in the input of the dataset
 * @param times int64 {@code [numEdges]}
 * @param weights float32 {@code [numEdges]}
 * @param scale float32 {@code [numEdges]}, as in {@code MfgLayer}; only with weights, and only if
 *     the draw has a scale
 * @param features float32 {@code [numEdges x dim]}, row-major
 */
public record EdgeSegments(
    MemorySegment ids,
    MemorySegment times,
    MemorySegment weights,
    MemorySegment scale,
    MemorySegment features) {}
