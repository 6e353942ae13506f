package io.millrace.slicing;

import java.lang.foreign.MemorySegment;

/**
 * One bipartite layer of a batch, off-heap: destination {@code i} aggregates from the sources
 * {@code indices[indptr[i] .. indptr[i + 1])}; the destinations are the first {@code numDst}
 * sources.
 *
 * @param indptr int32 {@code [numDst + 1]}
 * @param indices int32 {@code [numEdges]}, local ids below {@code numSrc}
 */
public record MfgSegments(
    int numSrc, int numDst, int numEdges, MemorySegment indptr, MemorySegment indices) {}
