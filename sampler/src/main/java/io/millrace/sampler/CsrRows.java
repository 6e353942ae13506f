package io.millrace.sampler;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import java.lang.foreign.MemorySegment;

/**
 * The rows of a {@link CsrGraph}. A position is that of the edge in the graph.
 *
 * <p>What was read is checked in loops of their own: the fewer instructions lie between two reads
 * that miss the cache, the more such reads the processor executes at a time. Immutable.
 */
public record CsrRows(CsrGraph graph) implements AdjacencyRows {
  @Override
  public int numNodes() {
    return graph.numNodes();
  }

  @Override
  public boolean hasEdgePositions() {
    return true;
  }

  @Override
  public void bounds(int[] nodes, int begin, int end, long[] starts, long[] lengths) {
    final MemorySegment indptr = graph.indptr();
    for (int i = begin; i < end; i++) {
      long node = nodes[i];
      long rowStart = indptr.getAtIndex(JAVA_LONG, node);
      starts[i - begin] = rowStart;
      lengths[i - begin] = indptr.getAtIndex(JAVA_LONG, node + 1) - rowStart;
    }
    checkBounds(nodes, begin, end, starts, lengths);
  }

  private void checkBounds(int[] nodes, int begin, int end, long[] starts, long[] lengths) {
    final long numEdges = graph.numEdges();
    long outOfRange = 0; // negative if any of its parts is
    for (int i = 0; i < end - begin; i++) {
      long start = starts[i];
      long length = lengths[i];
      outOfRange |= start | length | Integer.MAX_VALUE - length | numEdges - start - length;
    }
    if (outOfRange < 0) {
      rejectBounds(nodes, begin, end);
    }
  }

  private void rejectBounds(int[] nodes, int begin, int end) {
    for (int i = begin; i < end; i++) {
      int node = nodes[i];
      long rowStart = graph.rowStart(node);
      long rowEnd = graph.rowStart(node + 1);
      if (rowStart < 0
          || rowEnd < rowStart
          || rowEnd - rowStart > Integer.MAX_VALUE
          || rowEnd > graph.numEdges()) {
        throw BadInputException.of(
            "row bounds out of range",
            "node",
            node,
            "start",
            rowStart,
            "end",
            rowEnd,
            "numEdges",
            graph.numEdges());
      }
    }
  }

  @Override
  public void neighbors(DrawnEdges edges, int count) {
    final MemorySegment indices = graph.indices();
    final long[] positions = edges.positions();
    final int[] neighbors = edges.neighbors();
    for (int i = 0; i < count; i++) {
      neighbors[i] = indices.getAtIndex(JAVA_INT, positions[i]);
    }
    checkNeighbors(edges, count);
  }

  private void checkNeighbors(DrawnEdges edges, int count) {
    final int[] neighbors = edges.neighbors();
    final int lastNode = graph.numNodes() - 1;
    int outOfRange = 0; // negative if any of its parts is
    for (int i = 0; i < count; i++) {
      outOfRange |= neighbors[i] | lastNode - neighbors[i];
    }
    if (outOfRange < 0) {
      rejectNeighbors(edges.positions(), count, neighbors);
    }
  }

  private void rejectNeighbors(long[] positions, int count, int[] neighbors) {
    for (int i = 0; i < count; i++) {
      if (neighbors[i] < 0 || neighbors[i] >= graph.numNodes()) {
        throw BadInputException.of(
            "neighbour id out of range",
            "position",
            positions[i],
            "id",
            neighbors[i],
            "numNodes",
            graph.numNodes());
      }
    }
  }
}
