package io.millrace.sampler;

import java.util.Arrays;

/**
 * An open-addressing hash map from global to local id in one flat array, key and value side by
 * side.
 *
 * <pre>
 *   slot, 64 bits:  | global id (32) | base + local id (32, unsigned) |
 * </pre>
 *
 * <p>{@code base} only grows: the next batch starts above the highest value that the batch before
 * could have written, so a slot whose value lies below {@code base} is a left-over, and counts as
 * empty. Clearing is one addition; the array is filled with zeros only when {@code base} has used
 * up its half of the 32 bits. Linear probing, at most half full, doubling.
 */
final class FlatHashIdMap implements NodeIdMap {
  private static final int INITIAL_CAPACITY = 1 << 12;
  private static final long VALUE = 0xFFFF_FFFFL;

  /** Local ids stay below 2^31, so values of a batch that starts below this fit into 32 bits. */
  private static final long MAX_BASE = 1L << 31;

  private long[] slots = new long[INITIAL_CAPACITY];
  private int shift = Integer.SIZE - Integer.numberOfTrailingZeros(INITIAL_CAPACITY);
  private long base = 1;
  private int size;
  private int[] nodes = new int[INITIAL_CAPACITY / 2];
  private long touched;

  @Override
  public void clear() {
    base += size;
    size = 0;
    if (base >= MAX_BASE) {
      Arrays.fill(slots, 0);
      base = 1;
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] nodes() {
    return nodes;
  }

  @Override
  public void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    ensureRoomFor(size + (long) count);
    touch(globalIds, count);
    final long[] slots = this.slots;
    final int[] nodes = this.nodes;
    final int shift = this.shift;
    final int mask = slots.length - 1;
    final long base = this.base;
    int size = this.size;
    // At every step nodes[0..size) are exactly the keys whose slot holds a value of at least base.
    // New or known is as good
    // as a coin's toss, so it is computed rather than branched on: every id is written to the next
    // free place of nodes,
    // which is kept only if the id is new.
    for (int i = 0; i < count; i++) {
      int id = globalIds[i];
      int slot = hash(id, shift);
      long entry = slots[slot];
      long known = (entry & VALUE) - base;
      while (known >= 0 && (int) (entry >>> 32) != id) {
        slot = slot + 1 & mask;
        entry = slots[slot];
        known = (entry & VALUE) - base;
      }
      int isNew = (int) (known >> 63); // -1 if the slot is empty, otherwise 0
      int local = size & isNew | (int) known & ~isNew;
      nodes[size] = id;
      size -= isNew;
      slots[slot] = (long) id << 32 | base + local;
      localIds[localFrom + i] = local;
    }
    this.size = size;
  }

  /**
   * Reads the home slot of every id. The reads do not wait for each other, so their cache misses
   * overlap; the probing that follows, where each step depends on the one before, then finds its
   * slots in the cache.
   */
  private void touch(int[] globalIds, int count) {
    final long[] slots = this.slots;
    final int shift = this.shift;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += slots[hash(globalIds[i], shift)];
    }
    touched = sum; // keeps the loop from being optimised away
  }

  /** Fibonacci hashing: the high bits of the product with 2^32 divided by the golden ratio. */
  private static int hash(int id, int shift) {
    return id * 0x9E3779B9 >>> shift;
  }

  private void ensureRoomFor(long numNodes) {
    if (numNodes >= nodes.length) {
      if (numNodes > 1 << 29) {
        throw new IllegalStateException("a batch holds at most 2^29 nodes: numNodes=" + numNodes);
      }
      int capacity = Integer.highestOneBit((int) numNodes * 2) * 2;
      nodes = Arrays.copyOf(nodes, capacity / 2);
      slots = new long[capacity];
      shift = Integer.SIZE - Integer.numberOfTrailingZeros(capacity);
      base = 1;
      reinsert();
    }
  }

  private void reinsert() {
    int mask = slots.length - 1;
    for (int local = 0; local < size; local++) {
      int slot = hash(nodes[local], shift);
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = (long) nodes[local] << 32 | base + local;
    }
  }
}
