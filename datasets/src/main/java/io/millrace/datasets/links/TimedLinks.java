package io.millrace.datasets.links;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The edges of a graph as events, in the order of their times and, at the same time, in that of the
 * input. Parallel edges are separate events; self-loops are left out. In an undirected graph, in
 * which each edge stands in both directions, the end with the smaller id is the source. The arrays
 * belong to the record.
 *
 * @param src sources, global ids
 * @param dst destinations
 * @param times ascending
 */
public record TimedLinks(int[] src, int[] dst, long[] times) {
  /**
   * Reads the events of a dataset. It takes some 50 bytes of heap per event.
   *
   * @throws BadInputException if edges have no times, or there are more than an array can hold
   */
  public static TimedLinks of(GraphDataset data) {
    if (!data.edges().columns().times()) {
      throw BadInputException.of("edges of the dataset have no times", "dataset", data.name());
    }
    CsrGraph graph = data.graph();
    if (graph.numEdges() > Integer.MAX_VALUE - 8) {
      throw BadInputException.of(
          "graph has too many edges to split", "edges", graph.numEdges(), "max", Integer.MAX_VALUE);
    }
    boolean directed = data.description().directed();
    int[] positions = new int[(int) graph.numEdges()];
    int[] rows = new int[positions.length];
    int size = 0;
    for (int dst = 0; dst < graph.numNodes(); dst++) {
      for (long at = graph.rowStart(dst); at < graph.rowStart(dst + 1); at++) {
        int src = graph.neighbor(at);
        if (directed ? src != dst : src < dst) {
          rows[size] = dst;
          positions[size++] = (int) at;
        }
      }
    }
    return sorted(data, Arrays.copyOf(positions, size), rows);
  }

  private static TimedLinks sorted(GraphDataset data, int[] positions, int[] rows) {
    EdgeAttributes edges = data.edges();
    boolean ids = edges.columns().ids();
    Integer[] order = new Integer[positions.length];
    Arrays.setAll(order, i -> i);
    Arrays.parallelSort(
        order,
        Comparator.<Integer>comparingLong(i -> edges.time(positions[i]))
            .thenComparingLong(i -> ids ? edges.id(positions[i]) : positions[i]));
    int[] src = new int[order.length];
    int[] dst = new int[order.length];
    long[] times = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      src[i] = data.graph().neighbor(positions[order[i]]);
      dst[i] = rows[order[i]];
      times[i] = edges.time(positions[order[i]]);
    }
    return new TimedLinks(src, dst, times);
  }

  public int size() {
    return src.length;
  }

  /** How many events come before a time: the index of the first one from it on. */
  public int countBefore(long time) {
    int low = 0;
    int high = times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many events come before a time or at it. */
  public int countUntil(long time) {
    return time == Long.MAX_VALUE ? size() : countBefore(time + 1);
  }

  /** The events from an index to another. */
  TimedLinks range(int from, int to) {
    return new TimedLinks(
        Arrays.copyOfRange(src, from, to),
        Arrays.copyOfRange(dst, from, to),
        Arrays.copyOfRange(times, from, to));
  }
}
