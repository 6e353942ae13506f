package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.training.TorchOp.Kind;

/**
 * Sums or means over the neighbours of each destination of a layer, in one pass, with gradient.
 *
 * <p>In: {@code x} float32 {@code [numSrc x dim]} and the layer's edges. Out: float32 {@code
 * [numDst x dim]}; the row of a destination without neighbours is 0, a source that occurs twice
 * counts twice. Nothing of size {@code numEdges x dim} is made, forward or backward: libtorch's
 * {@code embedding_bag} reads the rows of {@code x} where they lie. Its gradient adds the edges of
 * a source in one thread and so does not depend on the number of threads.
 *
 * <p>libtorch refuses an id that is not below {@code numSrc}. The result belongs to {@code x}'s
 * manager. Stateless and thread-safe.
 */
public final class Aggregation {
  /** weight, indices, offsets, scale_grad_by_freq, mode, sparse, weights, include_last_offset. */
  private static final TorchOp EMBEDDING_BAG =
      TorchOp.of(
          "aten::embedding_bag",
          "",
          4,
          Kind.TENSOR,
          Kind.TENSOR,
          Kind.TENSOR,
          Kind.BOOL,
          Kind.INT,
          Kind.BOOL,
          Kind.OPTIONAL_TENSOR,
          Kind.BOOL);

  private static final long SUM = 0;
  private static final long MEAN = 1;

  private Aggregation() {}

  /** The sum of each destination's neighbours. */
  public static NDArray sum(NDArray x, MfgTensors edges) {
    return bag(x, edges, SUM);
  }

  /** The mean of each destination's neighbours. */
  public static NDArray mean(NDArray x, MfgTensors edges) {
    return bag(x, edges, MEAN);
  }

  private static NDArray bag(NDArray x, MfgTensors edges, long mode) {
    if (x.getShape().dimension() != 2 || x.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "aggregation needs float32 [numSrc x dim]: x=%s %s"
              .formatted(x.getDataType(), x.getShape()));
    }
    return EMBEDDING_BAG.call(
        x.getManager(), x, edges.indices(), edges.indptr(), false, mode, false, null, true);
  }
}
