package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Edges sorted into buckets by range of destinations: bucket {@code b} holds those to the nodes
 * {@code [b << shift, (b + 1) << shift)}, reverse edges included, in the order of the list.
 *
 * <p>A radix partition: every chunk of the list counts its edges per bucket, a sum over all counts
 * gives each chunk its own place in each bucket, and every chunk copies its edges there. Chunks
 * never write to the same place.
 */
final class EdgePartition {
  /** Edges a bucket should hold: 4 MiB of edges, so that a row's counter is still in the cache. */
  private static final long EDGES_PER_BUCKET = 1 << 19;

  /** Nodes a bucket may hold: bounds the memory of its counters, 8 MiB, on graphs of few edges. */
  private static final int MAX_SHIFT = 20;

  private final int numNodes;
  private final int shift;
  private final long[] starts;
  private final MemorySegment edges;

  private EdgePartition(int numNodes, int shift, long[] starts, MemorySegment edges) {
    this.numNodes = numNodes;
    this.shift = shift;
    this.starts = starts;
    this.edges = edges;
  }

  static EdgePartition of(
      int numNodes, EdgeList list, EdgeOptions options, Arena arena, Progress progress) {
    return of(numNodes, shift(numNodes, list, options), list, options, arena, progress);
  }

  private static int shift(int numNodes, EdgeList list, EdgeOptions options) {
    long numEdges = options.addReverse() ? 2 * list.size() : list.size();
    long nodesPerBucket = (long) (numNodes / Math.max(1.0, (double) numEdges / EDGES_PER_BUCKET));
    int floorLog2 = 63 - Long.numberOfLeadingZeros(Math.max(1, nodesPerBucket));
    return Math.min(MAX_SHIFT, floorLog2);
  }

  static EdgePartition of(
      int numNodes, int shift, EdgeList list, EdgeOptions options, Arena arena, Progress progress) {
    int numBuckets = Math.toIntExact(Math.max(1, Math.ceilDiv(numNodes, 1L << shift)));
    long[][] places = new long[list.numChunks()][numBuckets];
    long bad =
        Parallel.first(
            list.size(),
            list.edgesPerChunk(),
            (from, _) -> {
              int chunk = list.chunkOf(from);
              long wrong = count(list.chunk(chunk), numNodes, shift, options, places[chunk]);
              return wrong < 0 ? -1 : from + wrong;
            });
    if (bad >= 0) {
      throw BadInputException.of(
          "edge id out of range",
          "edge",
          bad,
          "src",
          EdgeList.src(list.get(bad)),
          "dst",
          EdgeList.dst(list.get(bad)),
          "numNodes",
          numNodes);
    }
    long[] starts = toPlaces(places, numBuckets);
    MemorySegment edges = arena.allocate(starts[numBuckets] * Long.BYTES, Long.BYTES);
    Parallel.run(
        places.length,
        progress,
        "partition edges",
        chunk -> copy(list.chunk(chunk), shift, options, places[chunk], edges));
    return new EdgePartition(numNodes, shift, starts, edges);
  }

  /** Adds the chunk's edges to {@code counts}; returns the first with a bad id, or -1. */
  private static long count(
      MemorySegment chunk, int numNodes, int shift, EdgeOptions options, long[] counts) {
    boolean addReverse = options.addReverse();
    boolean dropSelfLoops = options.dropSelfLoops();
    long size = chunk.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      long edge = chunk.getAtIndex(JAVA_LONG, i);
      int src = EdgeList.src(edge);
      int dst = EdgeList.dst(edge);
      if (src < 0 || src >= numNodes || dst < 0 || dst >= numNodes) {
        return i;
      }
      if (src != dst || !dropSelfLoops) {
        counts[dst >>> shift]++;
      }
      if (addReverse && src != dst) {
        counts[src >>> shift]++;
      }
    }
    return -1;
  }

  /**
   * Turns each chunk's counts into the places where its edges begin, bucket by bucket and inside a
   * bucket chunk by chunk.
   *
   * @return where each bucket begins, {@code [numBuckets + 1]}
   */
  private static long[] toPlaces(long[][] counts, int numBuckets) {
    long[] starts = new long[numBuckets + 1];
    long sum = 0;
    for (int bucket = 0; bucket < numBuckets; bucket++) {
      starts[bucket] = sum;
      for (long[] chunk : counts) {
        long count = chunk[bucket];
        chunk[bucket] = sum;
        sum += count;
      }
    }
    starts[numBuckets] = sum;
    return starts;
  }

  private static void copy(
      MemorySegment chunk, int shift, EdgeOptions options, long[] places, MemorySegment edges) {
    boolean addReverse = options.addReverse();
    boolean dropSelfLoops = options.dropSelfLoops();
    long size = chunk.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      long edge = chunk.getAtIndex(JAVA_LONG, i);
      int src = EdgeList.src(edge);
      int dst = EdgeList.dst(edge);
      if (src != dst || !dropSelfLoops) {
        edges.setAtIndex(JAVA_LONG, places[dst >>> shift]++, edge);
      }
      if (addReverse && src != dst) {
        edges.setAtIndex(JAVA_LONG, places[src >>> shift]++, EdgeList.pack(dst, src));
      }
    }
  }

  int numBuckets() {
    return starts.length - 1;
  }

  /** Edges in all buckets together. */
  long numEdges() {
    return starts[starts.length - 1];
  }

  /** Position of the bucket's first edge; {@code bucket} may be {@code numBuckets}. */
  long start(int bucket) {
    return starts[bucket];
  }

  int firstNode(int bucket) {
    return bucket << shift;
  }

  /** Nodes of the bucket's range; the last one's may be shorter. */
  int numNodes(int bucket) {
    return Math.min(1 << shift, numNodes - firstNode(bucket));
  }

  /** The bucket's edges, 8 bytes each, as {@link EdgeList} packs them. */
  MemorySegment edges(int bucket) {
    return edges.asSlice(
        starts[bucket] * Long.BYTES, (starts[bucket + 1] - starts[bucket]) * Long.BYTES);
  }
}
