package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;

/**
 * The times of a graph's edges, checked to be in order in every row. So the edges of a row before a
 * time are its first ones.
 *
 * <p>Immutable; the samplers of all threads share one. It does not own the times' memory, see
 * {@link GraphDataset}.
 */
public final class EdgeTimes {
  private static final long ROWS_PER_STEP = 1 << 12;

  private final CsrGraph graph;
  private final MemorySegment values;

  private EdgeTimes(CsrGraph graph, MemorySegment values) {
    this.graph = graph;
    this.values = values.asReadOnly();
  }

  /**
   * The times of a dataset's edges. Reads all of them once.
   *
   * @throws BadInputException if edges have no times, or those of a row are not in order, as in
   *     datasets that were imported by versions without this order
   */
  public static EdgeTimes of(GraphDataset data) {
    if (!data.edges().columns().times()) {
      throw BadInputException.of("edges of the dataset have no times", "dataset", data.name());
    }
    return of(data.graph(), data.edges().times(), data.name() + ": edge_time.npy");
  }

  /**
   * Times in memory.
   *
   * @param times int64 {@code [numEdges]}, little-endian, in the order of the graph's {@code
   *     indices}; not copied
   * @throws BadInputException if there is not one per edge, or those of a row are not in order
   */
  public static EdgeTimes of(CsrGraph graph, MemorySegment times) {
    return of(graph, times, "in memory");
  }

  private static EdgeTimes of(CsrGraph graph, MemorySegment times, String file) {
    if (times.byteSize() != graph.numEdges() * Long.BYTES) {
      throw BadInputException.of(
          "need one time per edge",
          "file",
          file,
          "bytes",
          times.byteSize(),
          "numEdges",
          graph.numEdges());
    }
    long bad =
        Parallel.first(
            graph.numNodes(),
            ROWS_PER_STEP,
            (from, to) -> firstUnordered(graph, times, (int) from, (int) to));
    if (bad >= 0) {
      throw BadInputException.of(
          "edges of a row are not in order of time, import the dataset again",
          "file",
          file,
          "row",
          bad);
    }
    return new EdgeTimes(graph, times);
  }

  private static long firstUnordered(CsrGraph graph, MemorySegment times, int from, int to) {
    for (int row = from; row < to; row++) {
      long end = graph.rowStart(row + 1);
      for (long i = graph.rowStart(row) + 1; i < end; i++) {
        if (times.getAtIndex(JAVA_LONG, i) < times.getAtIndex(JAVA_LONG, i - 1)) {
          return row;
        }
      }
    }
    return -1;
  }

  public CsrGraph graph() {
    return graph;
  }

  /** The time of the edge at a position. */
  public long time(long position) {
    return values.getAtIndex(JAVA_LONG, position);
  }

  /** Read-only int64 {@code [numEdges]}. */
  @Internal
  public MemorySegment values() {
    return values;
  }

  /**
   * How many edges of a part of a row come before a time.
   *
   * @param start position of the part's first edge
   * @param length its edges
   */
  @Internal
  public int countBefore(long start, int length, long time) {
    final MemorySegment values = this.values;
    int low = 0;
    int high = length; // edges below low are before the time, those from high on are not
    while (low < high) {
      int middle = low + high >>> 1;
      if (values.getAtIndex(JAVA_LONG, start + middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
