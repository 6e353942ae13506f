package io.millrace.datasets;

import io.millrace.datasets.csr.EdgeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The CSR build as one would say it, for the tests to compare with. */
public final class ReferenceCsr {
  private ReferenceCsr() {}

  /** Row {@code v} holds the sources of the edges to {@code v}, ascending. */
  public static List<List<Integer>> rows(int numNodes, List<int[]> edges, EdgeOptions options) {
    List<List<Integer>> rows = new ArrayList<>();
    for (int v = 0; v < numNodes; v++) {
      rows.add(new ArrayList<>());
    }
    for (int[] edge : edges) {
      int src = edge[0];
      int dst = edge[1];
      if (src == dst) {
        if (!options.dropSelfLoops()) {
          rows.get(dst).add(src);
        }
        continue;
      }
      rows.get(dst).add(src);
      if (options.addReverse()) {
        rows.get(src).add(dst);
      }
    }
    Stream<List<Integer>> result =
        options.dropDuplicates()
            ? rows.stream().map(row -> List.copyOf(new TreeSet<>(row)))
            : rows.stream().map(row -> row.stream().sorted().toList());
    return result.toList();
  }

  public static List<List<Integer>> rows(CsrGraph graph) {
    List<List<Integer>> rows = new ArrayList<>();
    for (int v = 0; v < graph.numNodes(); v++) {
      List<Integer> row = new ArrayList<>();
      for (long i = graph.rowStart(v); i < graph.rowStart(v + 1); i++) {
        row.add(graph.neighbor(i));
      }
      rows.add(row);
    }
    return rows;
  }
}
