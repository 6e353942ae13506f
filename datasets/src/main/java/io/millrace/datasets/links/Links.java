package io.millrace.datasets.links;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import java.util.Arrays;

/**
 * The links of a graph as a sorted array of {@link NodePairs#key}s: parallel edges count once, and
 * in an undirected graph so do both directions, as the pair with the smaller id first. Self-loops
 * are left out. Stateless.
 */
final class Links {
  private Links() {}

  /**
   * @throws BadInputException if there are more than an array can hold
   */
  static long[] of(CsrGraph graph, boolean directed) {
    if (graph.numEdges() > Integer.MAX_VALUE - 8) {
      throw BadInputException.of(
          "graph has too many edges to split", "edges", graph.numEdges(), "max", Integer.MAX_VALUE);
    }
    long[] keys = new long[(int) graph.numEdges()];
    int size = 0;
    for (int dst = 0; dst < graph.numNodes(); dst++) {
      long end = graph.rowStart(dst + 1);
      for (long position = graph.rowStart(dst); position < end; position++) {
        int src = graph.neighbor(position);
        if (src != dst) {
          keys[size++] = key(directed, src, dst);
        }
      }
    }
    Arrays.parallelSort(keys, 0, size);
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || keys[i] != keys[i - 1]) {
        keys[distinct++] = keys[i];
      }
    }
    return Arrays.copyOf(keys, distinct);
  }

  static long key(boolean directed, int src, int dst) {
    return directed || src < dst ? NodePairs.key(src, dst) : NodePairs.key(dst, src);
  }

  /** The rank of the link of an edge; negative if there is no such link. */
  static int rank(long[] links, boolean directed, int src, int dst) {
    return Arrays.binarySearch(links, key(directed, src, dst));
  }
}
