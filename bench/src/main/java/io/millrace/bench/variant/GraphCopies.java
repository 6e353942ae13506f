package io.millrace.bench.variant;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.CsrGraph;
import java.util.Optional;

/**
 * The same graph in the memories that a {@link SamplerVariant} can ask for.
 *
 * @param mapped in its files
 * @param inMemory off the heap, on huge pages
 * @param indptr {@code [numNodes + 1]}; empty if there is no copy on the heap
 * @param indices {@code [numEdges]}; empty if there is no copy on the heap
 */
public record GraphCopies(
    CsrGraph mapped, Optional<CsrGraph> inMemory, long[] indptr, int[] indices) {
  /** What a Java array holds at most. */
  private static final long MAX_EDGES = Integer.MAX_VALUE - 8;

  public static GraphCopies mapped(CsrGraph mapped) {
    return new GraphCopies(mapped, Optional.empty(), new long[0], new int[0]);
  }

  /** Copies the graph to the heap too, unless it has more edges than an array holds. */
  public static GraphCopies withHeap(CsrGraph mapped, Optional<CsrGraph> inMemory) {
    return mapped.numEdges() > MAX_EDGES
        ? new GraphCopies(mapped, inMemory, new long[0], new int[0])
        : new GraphCopies(
            mapped,
            inMemory,
            mapped.indptr().toArray(JAVA_LONG),
            mapped.indices().toArray(JAVA_INT));
  }

  public boolean has(SamplerVariant.Memory memory) {
    return switch (memory) {
      case MAPPED -> true;
      case IN_MEMORY -> inMemory.isPresent();
      case HEAP -> indptr.length > 0;
    };
  }

  /** The graph in a memory that it {@link #has}. */
  public CsrGraph graph(SamplerVariant.Memory memory) {
    return switch (memory) {
      case MAPPED -> mapped;
      case IN_MEMORY -> inMemory.orElseThrow();
      case HEAP -> CsrGraph.of(indptr, indices);
    };
  }
}
