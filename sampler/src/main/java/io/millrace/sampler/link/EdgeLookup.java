package io.millrace.sampler.link;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds edges by their ends, by binary search in a row. Immutable; all threads share it.
 *
 * <p>Row {@code v} has the sources of v's in-edges. In an undirected graph an edge is in two rows,
 * and the shorter one is searched. If rows are not in the order of their neighbours, as those of
 * edges with times are not, it keeps that order, 4 bytes per edge.
 */
public final class EdgeLookup {
  private static final int ROWS_PER_STEP = 1 << 12;

  private final CsrGraph graph;
  private final boolean directed;

  /** The ranks of each row in the order of their neighbours; empty: the row's own order. */
  private final Optional<MemorySegment> order;

  /**
   * @param graph stays the caller's
   * @param directed false if every edge is stored in both directions
   */
  public EdgeLookup(CsrGraph graph, boolean directed) {
    this.graph = graph;
    this.directed = directed;
    order = inOrder(graph) ? Optional.empty() : Optional.of(order(graph));
  }

  private static boolean inOrder(CsrGraph graph) {
    for (int row = 0; row < graph.numNodes(); row++) {
      long end = graph.rowStart(row + 1);
      for (long position = graph.rowStart(row) + 1; position < end; position++) {
        if (graph.neighbor(position) < graph.neighbor(position - 1)) {
          return false;
        }
      }
    }
    return true;
  }

  private static MemorySegment order(CsrGraph graph) {
    long bytes = graph.numEdges() * Integer.BYTES;
    AvailableMemory.require(bytes, "the order of neighbours", "edges", graph.numEdges());
    MemorySegment order = HugePages.allocate(bytes, Arena.ofAuto());
    Parallel.run(
        Math.ceilDiv(graph.numNodes(), ROWS_PER_STEP),
        step -> {
          int end = (int) Math.min((step + 1L) * ROWS_PER_STEP, graph.numNodes());
          for (int row = step * ROWS_PER_STEP; row < end; row++) {
            sortRow(graph, row, order);
          }
        });
    return order;
  }

  private static void sortRow(CsrGraph graph, int row, MemorySegment order) {
    long start = graph.rowStart(row);
    long[] edges = new long[graph.degree(row)];
    for (int rank = 0; rank < edges.length; rank++) {
      edges[rank] = (long) graph.neighbor(start + rank) << Integer.SIZE | rank;
    }
    Arrays.sort(edges);
    for (int i = 0; i < edges.length; i++) {
      order.setAtIndex(JAVA_INT, start + i, (int) edges[i]);
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
    int place = place(row, neighbor);
    return place < graph.degree(row) && neighbor(row, place) == neighbor;
  }

  /**
   * How many neighbours of a row have a smaller id: the place of the first edge from a neighbour,
   * in the order of neighbours.
   */
  int place(int row, long neighbor) {
    int low = 0;
    int high = graph.degree(row);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (neighbor(row, middle) < neighbor) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The rank in its row of the edge at a place. */
  int rank(int row, int place) {
    return order.isPresent()
        ? order.get().getAtIndex(JAVA_INT, graph.rowStart(row) + place)
        : place;
  }

  /** How many other nodes have an edge to a node. */
  int numOthers(int row) {
    int count = 0;
    int last = row;
    for (int place = 0; place < graph.degree(row); place++) {
      int neighbor = neighbor(row, place);
      boolean first = place == 0 || neighbor != last;
      count += first && neighbor != row ? 1 : 0;
      last = neighbor;
    }
    return count;
  }

  private int neighbor(int row, int place) {
    return graph.neighbor(graph.rowStart(row) + rank(row, place));
  }
}
