package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Builds a {@link CsrGraph} from an {@link EdgeList}: the edge {@code src -> dst} puts {@code src}
 * into row {@code dst}. Rows come out in ascending order.
 *
 * <p>In memory and on all cores, in two passes. First {@link EdgePartition} sorts the edges by
 * range of destinations into buckets; then each bucket, now small enough for the cache, is counted
 * into rows by {@link CsrBucket}. Buckets do not share memory, so no atomics are needed, and the
 * result does not depend on the number of threads.
 *
 * <p>Off-heap memory at the peak: 8 bytes per given edge (the list), 12 bytes per edge with its
 * reverse, 8 bytes per node.
 */
public final class CsrBuilder {
  private CsrBuilder() {}

  /**
   * @param edges may be closed when this returns
   * @param arena holds the graph's memory
   * @throws BadInputException if an id is not in {@code [0, numNodes)} or a row would be longer
   *     than 2^31-9
   */
  public static CsrGraph build(int numNodes, EdgeList edges, EdgeOptions options, Arena arena) {
    return build(numNodes, edges, options, arena, Progress.NONE);
  }

  /**
   * Refuses, before any of it is taken, to need more memory than there is.
   *
   * @throws BadInputException naming the number of edges, the need and what is there
   */
  static void requireMemory(int numNodes, long numEdges, EdgeOptions options) {
    double withReverse = (options.addReverse() ? 2.0 : 1.0) * numEdges;
    double bytes = 8.0 * numEdges + 12 * withReverse + 8.0 * numNodes;
    Memory.require(bytes, "the edges", "edges", numEdges, "nodes", numNodes);
  }

  static CsrGraph build(
      int numNodes, EdgeList edges, EdgeOptions options, Arena arena, Progress progress) {
    try (Arena scratch = Arena.ofShared()) {
      EdgePartition partition = EdgePartition.of(numNodes, edges, options, scratch, progress);
      return build(numNodes, partition, options, arena, progress);
    }
  }

  static CsrGraph build(
      int numNodes, EdgePartition partition, EdgeOptions options, Arena arena, Progress progress) {
    MemorySegment indptr = arena.allocate((numNodes + 1L) * Long.BYTES, Long.BYTES);
    MemorySegment indices = arena.allocate(partition.numEdges() * Integer.BYTES, Long.BYTES);
    long[] kept = new long[partition.numBuckets()];
    Parallel.run(
        partition.numBuckets(),
        progress,
        "sort rows",
        bucket -> kept[bucket] = CsrBucket.build(partition, bucket, options, indptr, indices));
    long numEdges = closeGaps(partition, kept, indices);
    sumUp(numNodes, indptr);
    return CsrGraph.of(indptr, indices.asSlice(0, numEdges * Integer.BYTES));
  }

  /** Dropped duplicates left a gap after each bucket; moves the buckets together, first to last. */
  private static long closeGaps(EdgePartition partition, long[] kept, MemorySegment indices) {
    long end = 0;
    for (int bucket = 0; bucket < kept.length; bucket++) {
      long start = partition.start(bucket);
      if (start != end) {
        MemorySegment.copy(
            indices,
            start * Integer.BYTES,
            indices,
            end * Integer.BYTES,
            kept[bucket] * Integer.BYTES);
      }
      end += kept[bucket];
    }
    return end;
  }

  /** Turns row lengths at {@code [1, numNodes]} into row bounds. */
  private static void sumUp(int numNodes, MemorySegment indptr) {
    long sum = 0;
    for (long node = 1; node <= numNodes; node++) {
      sum += indptr.getAtIndex(JAVA_LONG, node);
      indptr.setAtIndex(JAVA_LONG, node, sum);
    }
  }

  /** A small graph on the heap from parallel arrays: edge {@code i} is {@code src[i] -> dst[i]}. */
  public static CsrGraph build(int numNodes, int[] src, int[] dst, EdgeOptions options) {
    if (src.length != dst.length) {
      throw BadInputException.of(
          "src and dst must be of one length", "src", src.length, "dst", dst.length);
    }
    try (EdgeList edges = new EdgeList();
        Arena arena = Arena.ofShared()) {
      for (int i = 0; i < src.length; i++) {
        edges.add(src[i], dst[i]);
      }
      CsrGraph graph = build(numNodes, edges, options, arena);
      return CsrGraph.of(graph.indptr().toArray(JAVA_LONG), graph.indices().toArray(JAVA_INT));
    }
  }
}
