package io.millrace.slicing.cache;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.function.IntUnaryOperator;

/**
 * A set of nodes and the place of each in a cache: places have the order of the nodes. A bitmap
 * with the number of members before each of its words. Immutable; shared by all threads.
 */
@Internal
public final class CachedRows {
  private static final int WORD = Long.SIZE;

  /** Keys have 31 bits; a histogram of the upper 16 finds the bin, one of the lower 15 the key. */
  private static final int LOW_BITS = 15;

  private final int numNodes;
  private final long[] members;
  private final int[] before;
  private final int size;

  private CachedRows(int numNodes, long[] members) {
    this.numNodes = numNodes;
    this.members = members;
    before = new int[members.length];
    int count = 0;
    for (int w = 0; w < members.length; w++) {
      before[w] = count;
      count += Long.bitCount(members[w]);
    }
    size = count;
  }

  /**
   * The nodes with the largest keys; of equal ones the lower nodes. A node with key 0 is not taken.
   *
   * @param keys not negative
   * @param maxSize how many nodes at most
   */
  public static CachedRows hottest(int numNodes, IntUnaryOperator keys, int maxSize) {
    Smallest smallest = smallestTaken(numNodes, keys, maxSize);
    long[] members = new long[Math.ceilDiv(numNodes, WORD)];
    int atThreshold = smallest.taken;
    for (int node = 0; node < numNodes; node++) {
      int key = keys.applyAsInt(node);
      if (key > smallest.key || key > 0 && key == smallest.key && atThreshold-- > 0) {
        members[node / WORD] |= 1L << node;
      }
    }
    return new CachedRows(numNodes, members);
  }

  /**
   * @param key the smallest key that is taken
   * @param taken how many of the nodes with this key
   */
  private record Smallest(int key, int taken) {}

  private static Smallest smallestTaken(int numNodes, IntUnaryOperator keys, int maxSize) {
    int[] upper = new int[1 << Integer.SIZE - 1 - LOW_BITS];
    for (int node = 0; node < numNodes; node++) {
      upper[keys.applyAsInt(node) >>> LOW_BITS]++;
    }
    Smallest bin = descend(upper, maxSize);
    int[] lower = new int[1 << LOW_BITS];
    for (int node = 0; node < numNodes; node++) {
      int key = keys.applyAsInt(node);
      if (key >>> LOW_BITS == bin.key) {
        lower[key & lower.length - 1]++;
      }
    }
    Smallest low = descend(lower, bin.taken);
    return new Smallest(bin.key << LOW_BITS | low.key, low.taken);
  }

  private static Smallest descend(int[] histogram, int wanted) {
    int key = histogram.length - 1;
    int left = wanted;
    while (key > 0 && histogram[key] < left) {
      left -= histogram[key--];
    }
    return new Smallest(key, left);
  }

  /** Bytes of the index of a graph. */
  static long indexBytes(int numNodes) {
    return Math.ceilDiv((long) numNodes, WORD) * (Long.BYTES + Integer.BYTES);
  }

  /** Of the graph. */
  public int numNodes() {
    return numNodes;
  }

  /** How many nodes are members. */
  public int size() {
    return size;
  }

  /** Whether a node is a member. */
  public boolean contains(int node) {
    return (members[node / WORD] >>> node & 1) != 0;
  }

  /**
   * The place of a node, or -1 if it is not cached.
   *
   * @param node must be in range
   */
  public int place(int node) {
    int word = node / WORD;
    long bits = members[word];
    return (bits >>> node & 1) == 0 ? -1 : before[word] + Long.bitCount(bits & (1L << node) - 1);
  }

  /**
   * How many rows a size has room for.
   *
   * @throws BadInputException if for none
   */
  static int room(CacheSettings settings, int numNodes, int rowBytes) {
    long rows = (settings.bytes() - indexBytes(numNodes)) / rowBytes;
    if (rows < 1) {
      throw BadInputException.of(
          "feature cache must have room for its index and a row",
          "bytes",
          settings.bytes(),
          "indexBytes",
          indexBytes(numNodes),
          "rowBytes",
          rowBytes);
    }
    return (int) Math.min(rows, numNodes);
  }
}
