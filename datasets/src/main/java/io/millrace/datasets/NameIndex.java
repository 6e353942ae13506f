package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.npy.ArrayAppender;
import io.millrace.datasets.platform.Parallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Name -> node: a hash table of buckets, laid out as a CSR graph is. Bucket {@code b} holds the
 * nodes at the positions {@code starts[b]} to {@code starts[b + 1]}, in the order of {@link
 * NodeNames#compare(int, int)}; the first {@link #bits} bits of a name's {@link NameHash} are its
 * bucket. There are as many buckets as nodes, rounded up to a power of two.
 *
 * <p>A lookup is a binary search in one bucket, which holds one or two names. It ends after 31
 * comparisons at most whatever the arrays hold, and nothing they hold is used as a node or a
 * position before it was compared with its bounds: a damaged index leads to an error or to no node,
 * never to a wrong one. Read-only, so any number of threads and processes may look up at once. The
 * next class to read is {@link NameIndexBuilder}, which makes the arrays.
 */
final class NameIndex {
  /** What {@link #node} returns for a name that is not there. */
  static final int UNKNOWN = -1;

  /** Nodes per task. */
  static final int STEP = 1 << 14;

  private final NodeNames names;
  private final MemorySegment starts;
  private final MemorySegment nodes;
  private final int bits;

  /**
   * @param starts int32 {@code [2^bits + 1]}
   * @param nodes int32 {@code [N]}
   */
  NameIndex(NodeNames names, MemorySegment starts, MemorySegment nodes) {
    this.names = names;
    this.starts = starts;
    this.nodes = nodes;
    this.bits = bits(names.numNodes());
  }

  /**
   * An index in memory, of up to 12 bytes a node.
   *
   * @param arena what the index is allocated in
   */
  static NameIndex inMemory(NodeNames names, Arena arena, Progress progress) {
    MemorySegment starts = arena.allocate(JAVA_INT, numStarts(names.numNodes()));
    MemorySegment nodes = arena.allocate(JAVA_INT, names.numNodes());
    try {
      new NameIndexBuilder(names, progress)
          .writeTo(new ArrayAppender.InMemory(starts), new ArrayAppender.InMemory(nodes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not by memory
    }
    return new NameIndex(names, starts, nodes);
  }

  /** Bits of the number of a bucket. */
  static int bits(int numNodes) {
    return numNodes < 2 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(numNodes - 1);
  }

  static long numStarts(int numNodes) {
    return (1L << bits(numNodes)) + 1;
  }

  static long bucket(byte[] name, int bits) {
    return NameHash.of(name, 0, name.length) >>> 1 >>> Long.SIZE - 1 - bits;
  }

  /**
   * The node of a name in UTF-8, or {@link #UNKNOWN}.
   *
   * @throws BadInputException if the index is damaged at the place of the name
   */
  int node(byte[] name) {
    long bucket = bucket(name, bits);
    int low = starts.getAtIndex(JAVA_INT, bucket);
    int high = starts.getAtIndex(JAVA_INT, bucket + 1) - 1;
    require(low >= 0 && high >= low - 1 && high < names.numNodes(), bucket);
    while (low <= high) {
      int middle = low + high >>> 1;
      int node = nodes.getAtIndex(JAVA_INT, middle);
      require(node >= 0 && node < names.numNodes(), bucket);
      int order = names.compare(node, name);
      if (order == 0) {
        return node;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return UNKNOWN;
  }

  private void require(boolean holds, long bucket) {
    if (!holds) {
      throw BadInputException.of(
          "dictionary is damaged", "folder", names.folder(), "bucket", bucket);
    }
  }

  /** Checks that the buckets follow each other, and that every name leads to its node. */
  void check(Progress progress) {
    int numNodes = names.numNodes();
    long numBuckets = numStarts(numNodes) - 1;
    int last = 0;
    for (long bucket = 0; bucket <= numBuckets; bucket++) {
      int start = starts.getAtIndex(JAVA_INT, bucket);
      require(bucket == 0 ? start == 0 : start >= last, bucket);
      last = start;
    }
    require(last == numNodes, numBuckets);
    AtomicInteger done = new AtomicInteger();
    progress.update("check dictionary", 0, numNodes);
    Parallel.ranges(
        numNodes,
        STEP,
        (from, to) -> {
          for (int node = (int) from; node < to; node++) {
            requireFound(node);
          }
          synchronized (done) {
            progress.update("check dictionary", done.addAndGet((int) (to - from)), numNodes);
          }
        });
  }

  private void requireFound(int node) {
    int found = node(names.bytes(node));
    if (found != node) {
      throw BadInputException.of(
          "dictionary is damaged", "folder", names.folder(), "node", node, "found", found);
    }
  }
}
