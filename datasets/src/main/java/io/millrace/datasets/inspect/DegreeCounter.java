package io.millrace.datasets.inspect;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Counts what {@link DatasetReport.Degrees} reports, on all cores, over a graph whose ids are known
 * to be in range.
 */
final class DegreeCounter {
  private static final int NODES_PER_RANGE = 1 << 14;

  private final CsrGraph graph;
  private final int[] degrees;

  /** 1 = the node is the source of some edge. Threads write the same value, so races do no harm. */
  private final byte[] isSource;

  private DegreeCounter(CsrGraph graph) {
    this.graph = graph;
    this.degrees = new int[graph.numNodes()];
    this.isSource = new byte[graph.numNodes()];
  }

  static DatasetReport.Degrees count(CsrGraph graph, Progress progress) {
    return new DegreeCounter(graph).count(progress);
  }

  private DatasetReport.Degrees count(Progress progress) {
    int numNodes = graph.numNodes();
    Partial[] partials = new Partial[Parallel.numRanges(numNodes, NODES_PER_RANGE)];
    Parallel.run(
        partials.length,
        progress,
        "count degrees",
        i -> {
          int from = i * NODES_PER_RANGE;
          partials[i] = countRows(from, (int) Math.min(numNodes, from + (long) NODES_PER_RANGE));
        });
    Partial sum = Arrays.stream(partials).reduce(new Partial(0, 0, 0), Partial::plus);
    int emptyRows = 0;
    int isolated = 0;
    for (int node = 0; node < numNodes; node++) {
      emptyRows += degrees[node] == 0 ? 1 : 0;
      isolated += degrees[node] == 0 && isSource[node] == 0 ? 1 : 0;
    }
    Arrays.parallelSort(degrees);
    return new DatasetReport.Degrees(
        numNodes == 0 ? 0 : degrees[0],
        numNodes == 0 ? 0 : degrees[(numNodes - 1) / 2],
        numNodes == 0 ? 0 : (double) graph.numEdges() / numNodes,
        numNodes == 0 ? 0 : degrees[numNodes - 1],
        emptyRows,
        isolated,
        sum.selfLoops,
        sum.duplicates,
        sum.asymmetry == 0);
  }

  private Partial countRows(int from, int to) {
    MemorySegment indices = graph.indices();
    int[] row = new int[0];
    long selfLoops = 0;
    long duplicates = 0;
    long asymmetry = 0;
    for (int node = from; node < to; node++) {
      int degree = graph.degree(node);
      degrees[node] = degree;
      if (row.length < degree) {
        row = new int[Math.max(degree, 2 * Math.min(row.length, 1 << 29))];
      }
      long start = graph.rowStart(node);
      MemorySegment.copy(indices, JAVA_INT, start * Integer.BYTES, row, 0, degree);
      for (int i = 0; i < degree; i++) {
        int source = row[i];
        isSource[source] = 1;
        selfLoops += source == node ? 1 : 0;
      }
      asymmetry += graph.asymmetry(node);
      duplicates += duplicates(row, degree);
    }
    return new Partial(selfLoops, duplicates, asymmetry);
  }

  /** Rows are usually sorted already, and then not sorted again. */
  private static long duplicates(int[] row, int length) {
    for (int i = 1; i < length; i++) {
      if (row[i] < row[i - 1]) {
        Arrays.sort(row, 0, length);
        break;
      }
    }
    long duplicates = 0;
    for (int i = 1; i < length; i++) {
      duplicates += row[i] == row[i - 1] ? 1 : 0;
    }
    return duplicates;
  }

  /**
   * @param asymmetry the sum of {@link CsrGraph#asymmetry}: zero if the graph is symmetric
   */
  private record Partial(long selfLoops, long duplicates, long asymmetry) {
    Partial plus(Partial other) {
      return new Partial(
          selfLoops + other.selfLoops, duplicates + other.duplicates, asymmetry + other.asymmetry);
    }
  }
}
