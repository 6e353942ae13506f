package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import io.millrace.slicing.EdgeSegments;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The attributes of a layer's edges as arrays, in the order of its edges; those that the model does
 * not name are empty. Owns nothing.
 *
 * @param ids int64 {@code [numEdges]}
 * @param times int64 {@code [numEdges]}
 * @param weights float32 {@code [numEdges]}
 * @param scale float32 {@code [numEdges]}, if the draw has one
 * @param features float32 {@code [numEdges x dim]}
 */
@Internal
public record EdgeTensors(
    Optional<NDArray> ids,
    Optional<NDArray> times,
    Optional<NDArray> weights,
    Optional<NDArray> scale,
    Optional<NDArray> features) {
  static final EdgeTensors NONE =
      new EdgeTensors(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Makes an array of some memory. */
  @FunctionalInterface
  public interface Arrays {
    NDArray of(MemorySegment values, DataType type, Shape shape);
  }

  /**
   * @param columns those that there are
   * @param arrays makes the arrays
   */
  public static EdgeTensors of(
      EdgeSegments edges, EdgeColumns columns, long numEdges, Arrays arrays) {
    Shape perEdge = new Shape(numEdges);
    Shape rows = new Shape(numEdges, columns.featureDim());
    return new EdgeTensors(
        given(columns.ids(), edges.ids(), DataType.INT64, perEdge, arrays),
        given(columns.times(), edges.times(), DataType.INT64, perEdge, arrays),
        given(columns.weights(), edges.weights(), DataType.FLOAT32, perEdge, arrays),
        given(edges.scale().byteSize() > 0, edges.scale(), DataType.FLOAT32, perEdge, arrays),
        given(columns.featureDim() > 0, edges.features(), DataType.FLOAT32, rows, arrays));
  }

  private static Optional<NDArray> given(
      boolean isThere, MemorySegment values, DataType type, Shape shape, Arrays arrays) {
    return isThere ? Optional.of(arrays.of(values, type, shape)) : Optional.empty();
  }
}
