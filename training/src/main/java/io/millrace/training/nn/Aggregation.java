package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.Optional;

/**
 * Computes sums, means and maxima over the neighbours of each destination of a layer, in one pass,
 * with gradient.
 *
 * <p>In: {@code x} float32 {@code [numSrc x dim]} and the layer's edges. Out: float32 {@code
 * [numDst x dim]}; the row of a destination without neighbours is 0, a source that occurs twice
 * counts twice. No array of size {@code numEdges x dim} is allocated, forward or backward:
 * libtorch's {@code embedding_bag} reads the rows of {@code x} in place. Its gradient adds the
 * edges of a source in one thread and so does not depend on the number of threads. If several
 * sources have the maximum, the gradient goes to that of the first edge.
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

  /** Table, ids, padding id, scale_grad_by_freq, sparse. */
  private static final TorchOp EMBEDDING =
      TorchOp.of(
          "aten::embedding", "", 1, Kind.TENSOR, Kind.TENSOR, Kind.INT, Kind.BOOL, Kind.BOOL);

  private static final long NO_PADDING = -1;
  private static final long SUM = 0;
  private static final long MEAN = 1;
  private static final long MAX = 2;

  private Aggregation() {}

  /** The sum of each destination's neighbours. */
  public static NDArray sum(NDArray x, MfgTensors edges) {
    return overRows(x, edges.sourceIds(), edges, SUM, Optional.empty());
  }

  /** The mean of each destination's neighbours. */
  public static NDArray mean(NDArray x, MfgTensors edges) {
    return overRows(x, edges.sourceIds(), edges, MEAN, Optional.empty());
  }

  /** The maximum over each destination's neighbours, column by column. */
  public static NDArray max(NDArray x, MfgTensors edges) {
    return overRows(x, edges.sourceIds(), edges, MAX, Optional.empty());
  }

  /**
   * The sum of each destination's neighbours times the weights of the edges. The weights have a
   * gradient, too.
   *
   * <p>All heads are summed in one call: head {@code h} of source {@code u} is row {@code u * heads
   * + h} of a table of {@code dim} columns, and the rows of each head follow those of the previous
   * head.
   *
   * @param x {@code [numSrc x heads * dim]}, the columns of each head adjacent
   * @param weights float32 {@code [numEdges x heads]}
   * @return {@code [numDst x heads * dim]}
   */
  public static NDArray weightedSum(NDArray x, NDArray weights, MfgTensors edges) {
    requireMatrix("x", x);
    requireMatrix("weights", weights);
    long heads = weights.getShape().get(1);
    long numEdges = edges.sourceIds().size();
    if (heads == 0 || x.getShape().get(1) % heads != 0 || weights.getShape().get(0) != numEdges) {
      throw new IllegalArgumentException(
          "a weighted sum needs [numSrc x heads * dim] and [numEdges x heads]: x=%s, weights=%s, numEdges=%s"
              .formatted(x.getShape(), weights.getShape(), numEdges));
    }
    if (heads == 1) {
      return overRows(x, edges.sourceIds(), edges, SUM, Optional.of(weights.flatten()));
    }
    return edges.parts().isPresent()
        ? edges.parts().get().sum(() -> sumByHead(x, weights, edges))
        : sumByHead(x, weights, edges);
  }

  private static NDArray sumByHead(NDArray x, NDArray weights, MfgTensors edges) {
    long heads = weights.getShape().get(1);
    requireIds(x.getShape().get(0), weights.getShape(), edges.sourceIds().getDataType());
    long dim = x.getShape().get(1) / heads;
    NDArray table = x.reshape(-1, dim);
    NDArray head = heads(edges, (int) heads);
    NDArray ids = edges.sourceIds().mul(Scalars.like(head, heads)).add(head).flatten();
    NDArray numEdges = edges.bounds().get("-1:");
    NDArray starts = edges.bounds().get(":-1").add(head.mul(numEdges)).flatten();
    NDArray sums = bag(table, ids, starts, SUM, Optional.of(weights.transpose().flatten()), false);
    return sums.reshape(heads, -1, dim).transpose(1, 0, 2).reshape(-1, heads * dim);
  }

  /** The type of the ids must be able to count the rows of the table and the edges of all heads. */
  private static void requireIds(long numSrc, Shape weights, DataType ids) {
    long heads = weights.get(1);
    long numEdges = weights.get(0);
    if (ids == DataType.INT32 && Math.max(numSrc, numEdges) > Integer.MAX_VALUE / heads) {
      throw BadInputException.of(
          "sources or edges times heads exceed 32-bit ids: try fewer heads or smaller batches",
          "sources",
          numSrc,
          "edges",
          numEdges,
          "heads",
          heads);
    }
  }

  /** {@code [heads x 1]}: 0, 1, ... in the type of the ids. */
  private static NDArray heads(MfgTensors edges, int heads) {
    NDArray ids = edges.sourceIds();
    return ids.getManager()
        .arange(0, heads, 1, ids.getDataType(), ids.getDevice())
        .reshape(heads, 1);
  }

  /**
   * The rows of a matrix with the given ids, with gradient.
   *
   * @param x {@code [rows x dim]}
   * @param ids int32 or int64 {@code [n]}
   * @return {@code [n x dim]}
   */
  public static NDArray gather(NDArray x, NDArray ids) {
    return EMBEDDING.call(x.getManager(), x, ids, NO_PADDING, false, false);
  }

  /**
   * The rows of the sources, edge by edge.
   *
   * @param x {@code [numSrc x dim]}
   * @return {@code [numEdges x dim]}
   */
  public static NDArray fromSources(NDArray x, MfgTensors edges) {
    return gather(x, edges.sourceIds());
  }

  /**
   * The rows of the destinations, edge by edge.
   *
   * @param x {@code [numDst x dim]}
   * @return {@code [numEdges x dim]}
   */
  public static NDArray fromDestinations(NDArray x, MfgTensors edges) {
    return gather(x, edges.destinationIds());
  }

  /**
   * The sum of the values of each destination's edges, for a layer that computes a row per edge.
   *
   * @param values float32 {@code [numEdges x dim]}
   * @return {@code [numDst x dim]}
   */
  public static NDArray sumOfEdges(NDArray values, MfgTensors edges) {
    return overEdges(values, edges, SUM);
  }

  /** As {@link #sumOfEdges}, their mean. */
  public static NDArray meanOfEdges(NDArray values, MfgTensors edges) {
    return overEdges(values, edges, MEAN);
  }

  /** As {@link #sumOfEdges}, their maximum, column by column. */
  public static NDArray maxOfEdges(NDArray values, MfgTensors edges) {
    return overEdges(values, edges, MAX);
  }

  private static NDArray overEdges(NDArray values, MfgTensors edges, long mode) {
    NDArray ids = edges.sourceIds();
    if (values.getShape().get(0) != ids.size()) {
      throw new IllegalArgumentException(
          "needs a row for each edge: values=%s, numEdges=%s"
              .formatted(values.getShape(), ids.size()));
    }
    NDArray each =
        ids.getManager().arange(0, (int) ids.size(), 1, ids.getDataType(), ids.getDevice());
    return overRows(values, each, edges, mode, Optional.empty());
  }

  private static NDArray overRows(
      NDArray x, NDArray ids, MfgTensors edges, long mode, Optional<NDArray> weights) {
    requireMatrix("x", x);
    if (edges.parts().isEmpty()) {
      return bag(x, ids, edges, mode, weights);
    }
    PartialAggregation row = edges.parts().get();
    return mode == MAX
        ? row.max(() -> bag(x, ids, edges, MAX, weights))
        : mode == SUM
            ? row.sum(() -> bag(x, ids, edges, SUM, weights))
            : mean(row.sum(() -> bag(x, ids, edges, SUM, weights)), row.numNeighbors());
  }

  private static NDArray mean(NDArray sum, long count) {
    return sum.div(Scalars.like(sum, Math.max(1, count)));
  }

  private static NDArray bag(
      NDArray x, NDArray ids, MfgTensors edges, long mode, Optional<NDArray> weights) {
    return bag(x, ids, edges.bounds(), mode, weights, true);
  }

  private static NDArray bag(
      NDArray x,
      NDArray indices,
      NDArray offsets,
      long mode,
      Optional<NDArray> weights,
      boolean withEnd) {
    return EMBEDDING_BAG.call(
        x.getManager(), x, indices, offsets, false, mode, false, weights, withEnd);
  }

  private static void requireMatrix(String name, NDArray x) {
    if (x.getShape().dimension() != 2 || x.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "aggregation needs float32 matrices: %s=%s %s"
              .formatted(name, x.getDataType(), x.getShape()));
    }
  }
}
