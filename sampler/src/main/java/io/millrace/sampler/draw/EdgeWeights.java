package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.util.function.IntToDoubleFunction;

/**
 * The weights of a graph's edges, checked to be fit for draws and models: not negative and finite.
 * An edge of weight 0 is never drawn.
 *
 * <p>Immutable; the samplers of all threads share one. It does not own the weights' memory, see
 * {@link GraphDataset}.
 */
public final class EdgeWeights {
  private static final long STEP = 1 << 20;

  private final CsrGraph graph;
  private final MemorySegment values;
  private RowAliases aliases;
  private volatile LongRows longRows;
  private volatile float[] degrees;

  private EdgeWeights(CsrGraph graph, MemorySegment values) {
    this.graph = graph;
    this.values = values.asReadOnly();
  }

  /**
   * The weights of a dataset's edges. Reads all of them once.
   *
   * @throws BadInputException if edges have no weights, or one is negative or not finite
   */
  public static EdgeWeights of(GraphDataset data) {
    if (!data.edges().columns().weights()) {
      throw BadInputException.of("edges of the dataset have no weights", "dataset", data.name());
    }
    return of(data.graph(), data.edges().weights(), data.name() + ": edge_weights.npy");
  }

  /**
   * Weights in memory.
   *
   * @param weights float32 {@code [numEdges]}, little-endian, in the order of the graph's {@code
   *     indices}; not copied
   * @throws BadInputException if there is not one per edge, or one is negative or not finite
   */
  public static EdgeWeights of(CsrGraph graph, MemorySegment weights) {
    return of(graph, weights, "in memory");
  }

  private static EdgeWeights of(CsrGraph graph, MemorySegment weights, String file) {
    if (weights.byteSize() != graph.numEdges() * Float.BYTES) {
      throw BadInputException.of(
          "need one weight per edge",
          "file",
          file,
          "bytes",
          weights.byteSize(),
          "numEdges",
          graph.numEdges());
    }
    long bad = Parallel.first(graph.numEdges(), STEP, (from, to) -> firstBad(weights, from, to));
    if (bad >= 0) {
      throw BadInputException.of(
          "an edge's weight must be 0 or more, and finite",
          "file",
          file,
          "position",
          bad,
          "row",
          rowOf(graph, bad),
          "weight",
          weights.getAtIndex(JAVA_FLOAT, bad));
    }
    return new EdgeWeights(graph, weights);
  }

  private static long firstBad(MemorySegment weights, long from, long to) {
    for (long i = from; i < to; i++) {
      float weight = weights.getAtIndex(JAVA_FLOAT, i);
      if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
        return i;
      }
    }
    return -1;
  }

  /** The row that an edge position lies in. */
  private static int rowOf(CsrGraph graph, long position) {
    int low = 0;
    int high = graph.numNodes(); // rowStart(low) <= position < rowStart(high)
    while (high - low > 1) {
      int middle = low + high >>> 1;
      if (graph.rowStart(middle) <= position) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Read-only float32 {@code [numEdges]}. */
  @Internal
  public MemorySegment values() {
    return values;
  }

  /**
   * The weighted degree of each node: the sum of the weights of its edges. All are computed at the
   * first call, by all cores.
   */
  public IntToDoubleFunction degrees() {
    float[] sums = allDegrees();
    return node -> sums[node];
  }

  /**
   * The sum of the weights of a node's edges without some.
   *
   * @param localId whose row of {@code excluded} it is
   */
  public double degree(int node, ExcludedRanks excluded, int localId) {
    double sum = allDegrees()[node];
    if (excluded.has(localId)) {
      ExcludedRanks.Row row = excluded.row(localId);
      for (int i = 0; i < row.count(); i++) {
        sum -= values.getAtIndex(JAVA_FLOAT, graph.rowStart(node) + row.rank(i));
      }
    }
    return Math.max(sum, 0); // rounding may leave less
  }

  private float[] allDegrees() {
    float[] built = degrees;
    return built != null ? built : computeDegrees();
  }

  private synchronized float[] computeDegrees() {
    if (degrees == null) {
      float[] sums = new float[graph.numNodes()];
      Parallel.ranges(sums.length, STEP, (from, to) -> sum((int) from, (int) to, sums));
      degrees = sums;
    }
    return degrees;
  }

  private void sum(int from, int to, float[] sums) {
    for (int node = from; node < to; node++) {
      double sum = 0;
      long end = graph.rowStart(node + 1);
      for (long position = graph.rowStart(node); position < end; position++) {
        sum += values.getAtIndex(JAVA_FLOAT, position);
      }
      sums[node] = (float) sum;
    }
  }

  /** Built at the first call, by all cores. */
  synchronized RowAliases aliases() {
    if (aliases == null) {
      aliases = RowAliases.build(graph, values);
    }
    return aliases;
  }

  /** Built at the first call, by all cores. */
  LongRows longRows() {
    LongRows built = longRows;
    return built != null ? built : buildLongRows();
  }

  private synchronized LongRows buildLongRows() {
    if (longRows == null) {
      longRows = LongRows.build(graph, values);
    }
    return longRows;
  }
}
