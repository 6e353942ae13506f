package io.millrace.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.CsrGraph;

/**
 * A graph as it is mapped from disk, and the same in two Java arrays.
 *
 * @param mapped the graph as it was opened
 * @param indptr {@code [numNodes + 1]}; empty if there is no copy
 * @param indices {@code [numEdges]}; empty if there is no copy
 */
public record GraphCopies(CsrGraph mapped, long[] indptr, int[] indices) {
  /** What a Java array holds at most. */
  private static final long MAX_EDGES = Integer.MAX_VALUE - 8;

  static GraphCopies mappedOnly(CsrGraph graph) {
    return new GraphCopies(graph, new long[0], new int[0]);
  }

  /** Copies the graph to the heap, unless it has more edges than an array holds. */
  static GraphCopies withHeap(CsrGraph graph) {
    return graph.numEdges() > MAX_EDGES
        ? mappedOnly(graph)
        : new GraphCopies(
            graph, graph.indptr().toArray(JAVA_LONG), graph.indices().toArray(JAVA_INT));
  }

  public boolean has(Form.Memory memory) {
    return memory == Form.Memory.MAPPED || indptr.length > 0;
  }

  /** The graph in the memory that was asked for. */
  public CsrGraph graph(Form.Memory memory) {
    return memory == Form.Memory.MAPPED ? mapped : CsrGraph.of(indptr, indices);
  }
}
