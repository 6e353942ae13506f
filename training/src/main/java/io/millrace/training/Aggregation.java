package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.training.TorchOp.Kind;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * Sums or means over the neighbours of each destination of a layer, in one pass, with gradient.
 *
 * <p>In: {@code x} float32 {@code [numSrc x dim]} and the layer's CSR, {@code indices} (local
 * source ids, {@code [numEdges]}) and {@code indptr} ({@code [numDst + 1]}), both int32 or both
 * int64. Out: float32 {@code [numDst x dim]}; the row of a destination without neighbours is 0, a
 * source that occurs twice counts twice. Nothing of size {@code numEdges x dim} is made, forward or
 * backward: libtorch's {@code embedding_bag} reads the rows of {@code x} where they lie. Its
 * gradient adds the edges of a source in one thread and so does not depend on the number of
 * threads.
 *
 * <p>Nothing out of bounds is read: libtorch refuses an id that is not below {@code numSrc}, and
 * row bounds that do not rise from 0 to {@code numEdges} are refused here. The result belongs to
 * {@code x}'s manager. Stateless and thread-safe.
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
  public static NDArray sum(NDArray x, NDArray indices, NDArray indptr) {
    return bag(x, indices, indptr, SUM);
  }

  /** The mean of each destination's neighbours. */
  public static NDArray mean(NDArray x, NDArray indices, NDArray indptr) {
    return bag(x, indices, indptr, MEAN);
  }

  private static NDArray bag(NDArray x, NDArray indices, NDArray indptr, long mode) {
    DataType ids = indices.getDataType();
    if (x.getShape().dimension() != 2
        || x.getDataType() != DataType.FLOAT32
        || indices.getShape().dimension() != 1
        || indptr.getShape().dimension() != 1
        || indptr.isEmpty()
        || indptr.getDataType() != ids
        || (ids != DataType.INT32 && ids != DataType.INT64)) {
      throw new IllegalArgumentException(
          "aggregation needs float32 [numSrc x dim], int [numEdges], int [numDst + 1]: "
              + "x=%s %s, indices=%s %s, indptr=%s %s"
                  .formatted(
                      x.getDataType(),
                      x.getShape(),
                      ids,
                      indices.getShape(),
                      indptr.getDataType(),
                      indptr.getShape()));
    }
    requireRowBounds(indptr, indices.size());
    return EMBEDDING_BAG.call(x.getManager(), x, indices, indptr, false, mode, false, null, true);
  }

  /** libtorch reads wherever the bounds point, so a wrong one would end the JVM. */
  private static void requireRowBounds(NDArray indptr, long numEdges) {
    ByteBuffer bytes = indptr.toByteBuffer(true); // a view: the array outlives this call
    boolean rising = true;
    long first;
    long last;
    if (indptr.getDataType() == DataType.INT32) {
      IntBuffer bounds = bytes.asIntBuffer();
      int before = bounds.get(0);
      first = before;
      for (int i = 1; i < bounds.limit(); i++) {
        int bound = bounds.get(i);
        rising &= before <= bound;
        before = bound;
      }
      last = before;
    } else {
      LongBuffer bounds = bytes.asLongBuffer();
      first = bounds.get(0);
      last = first;
      for (int i = 1; i < bounds.limit(); i++) {
        long bound = bounds.get(i);
        rising &= last <= bound;
        last = bound;
      }
    }
    if (!rising || first != 0 || last != numEdges) {
      throw new IllegalArgumentException(
          "row bounds must rise from 0 to the number of edges: first=%d, last=%d, rising=%s, edges=%d"
              .formatted(first, last, rising, numEdges));
    }
  }
}
