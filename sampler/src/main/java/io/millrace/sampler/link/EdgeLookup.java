package io.millrace.sampler.link;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;

/**
 * Finds edges by their ends, by binary search in a row. Immutable; all threads share it.
 *
 * <p>Row {@code v} has the sources of v's in-edges. In an undirected graph an edge is in two rows,
 * and the shorter one is searched.
 */
public final class EdgeLookup {
  private final CsrGraph graph;
  private final boolean directed;

  /**
   * @param graph stays the caller's
   * @param directed false if every edge is stored in both directions
   * @throws BadInputException if the neighbours in a row are not in the order of their ids
   */
  public EdgeLookup(CsrGraph graph, boolean directed) {
    this.graph = graph;
    this.directed = directed;
    for (int row = 0; row < graph.numNodes(); row++) {
      long end = graph.rowStart(row + 1);
      for (long position = graph.rowStart(row) + 1; position < end; position++) {
        if (graph.neighbor(position) < graph.neighbor(position - 1)) {
          throw BadInputException.of(
              "links need rows that are ordered by neighbour", "row", row, "position", position);
        }
      }
    }
  }

  public CsrGraph graph() {
    return graph;
  }

  public boolean directed() {
    return directed;
  }

  /** Whether the graph has an edge from one node to another. */
  public boolean has(int src, int dst) {
    boolean swap = !directed && graph.degree(src) < graph.degree(dst);
    int row = swap ? src : dst;
    int neighbor = swap ? dst : src;
    int rank = rank(row, neighbor);
    return rank < graph.degree(row) && graph.neighbor(graph.rowStart(row) + rank) == neighbor;
  }

  /**
   * How many neighbours of a row have a smaller id: the rank of the first edge from a neighbour.
   */
  int rank(int row, long neighbor) {
    long start = graph.rowStart(row);
    long low = start;
    long high = graph.rowStart(row + 1);
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (graph.neighbor(middle) < neighbor) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (int) (low - start);
  }
}
