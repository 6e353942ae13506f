package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.SplitMix64;
import java.lang.foreign.MemorySegment;

/**
 * A directed graph in compressed sparse row form, off-heap and usually mapped from disk.
 *
 * <p>Row {@code v} of {@code indices}, from {@code indptr[v]} to {@code indptr[v + 1]}, holds the
 * nodes that {@code v} aggregates from: the sources of its in-edges. Node ids are {@code int},
 * positions in {@code indices} are {@code long}.
 *
 * <p>Immutable and shared by all threads. It does not own its memory: the {@link GraphDataset} that
 * mapped it closes it. The next class to read is {@link FeatureMatrix}.
 */
public final class CsrGraph {
  private final int numNodes;
  private final long numEdges;
  private final MemorySegment indptr;
  private final MemorySegment indices;

  private CsrGraph(MemorySegment indptr, MemorySegment indices) {
    this.numNodes = Math.toIntExact(indptr.byteSize() / Long.BYTES - 1);
    this.numEdges = indices.byteSize() / Integer.BYTES;
    this.indptr = indptr.asReadOnly();
    this.indices = indices.asReadOnly();
  }

  /**
   * Wraps the two arrays without a copy. Checks the ends of {@code indptr} only; the dataset
   * inspector checks all.
   *
   * @param indptr little-endian int64 {@code [numNodes + 1]}
   * @param indices little-endian int32 {@code [numEdges]}
   */
  public static CsrGraph of(MemorySegment indptr, MemorySegment indices) {
    long rows = indptr.byteSize() / Long.BYTES - 1;
    if (rows < 0 || rows >= Integer.MAX_VALUE || indptr.byteSize() % Long.BYTES != 0) {
      throw BadInputException.of(
          "indptr must hold 1 to 2^31-1 int64 values", "bytes", indptr.byteSize());
    }
    CsrGraph graph = new CsrGraph(indptr, indices);
    if (graph.rowStart(0) != 0 || graph.rowStart(graph.numNodes) != graph.numEdges) {
      throw BadInputException.of(
          "indptr must run from 0 to the number of edges",
          "first",
          graph.rowStart(0),
          "last",
          graph.rowStart(graph.numNodes),
          "edges",
          graph.numEdges);
    }
    return graph;
  }

  /** A small graph on the heap; the arrays are wrapped, not copied. */
  public static CsrGraph of(long[] indptr, int[] indices) {
    return of(MemorySegment.ofArray(indptr), MemorySegment.ofArray(indices));
  }

  public int numNodes() {
    return numNodes;
  }

  public long numEdges() {
    return numEdges;
  }

  /**
   * The position in {@code indices} where the row of {@code node} begins. For {@code numNodes} it
   * is the end of the last row.
   */
  public long rowStart(int node) {
    return indptr.getAtIndex(JAVA_LONG, node);
  }

  public int degree(int node) {
    return Math.toIntExact(rowStart(node + 1) - rowStart(node));
  }

  /** The node at an edge position. */
  public int neighbor(long position) {
    return indices.getAtIndex(JAVA_INT, position);
  }

  /**
   * The sum over the edges of a row of {@code hash(src, dst) - hash(dst, src)}. If every edge of
   * the graph also exists in the other direction, equally often, then the sum over all rows is
   * zero; if not, it is zero by accident once in 2^64. So one pass replaces a search per edge.
   */
  @Internal
  public long asymmetry(int node) {
    long sum = 0;
    long end = rowStart(node + 1);
    for (long position = rowStart(node); position < end; position++) {
      int source = neighbor(position);
      sum += edgeHash(source, node) - edgeHash(node, source);
    }
    return sum;
  }

  private static long edgeHash(int src, int dst) {
    return SplitMix64.first((long) src << Integer.SIZE | dst);
  }

  /** Read-only int64 {@code [numNodes + 1]}, for loops that visit many rows. */
  public MemorySegment indptr() {
    return indptr;
  }

  /** Read-only int32 {@code [numEdges]}, for loops that visit many rows. */
  public MemorySegment indices() {
    return indices;
  }
}
