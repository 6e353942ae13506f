package io.millrace.sampler;

import java.util.Arrays;

/**
 * A map from global to local id that is an array over all nodes of the graph: 4 bytes a node,
 * whatever the batch holds.
 *
 * <pre>
 *   entry of a global id, 32 bits, unsigned:  | base + local id |
 * </pre>
 *
 * <p>As in {@link FlatHashIdMap}, {@code base} only grows, and an entry below it is a left-over of
 * an earlier batch.
 */
final class DirectAddressIdMap implements NodeIdMap {
  /** Local ids stay below 2^31, so entries of a batch that starts below this fit into 32 bits. */
  private static final long MAX_BASE = 1L << 31;

  private final int[] entries;
  private long base = 1;
  private int size;
  private int[] nodes = new int[1 << 12];
  private long touched;

  DirectAddressIdMap(int numNodes) {
    entries = new int[numNodes];
  }

  @Override
  public void clear() {
    base += size;
    size = 0;
    if (base >= MAX_BASE) {
      Arrays.fill(entries, 0);
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
    final int[] entries = this.entries;
    final int[] nodes = this.nodes;
    final long base = this.base;
    int size = this.size;
    // New or known is as good as a coin's toss, so it is computed rather than branched on: every id
    // is written to the next
    // free place of nodes, which is kept only if the id is new.
    for (int i = 0; i < count; i++) {
      int id = globalIds[i];
      long known = Integer.toUnsignedLong(entries[id]) - base;
      int isNew = (int) (known >> 63); // -1 if the entry lies below base, otherwise 0
      int local = size & isNew | (int) known & ~isNew;
      nodes[size] = id;
      size -= isNew;
      entries[id] = (int) (base + local);
      localIds[localFrom + i] = local;
    }
    this.size = size;
  }

  /** Reads every entry, so that the cache misses overlap; see {@link FlatHashIdMap}. */
  private void touch(int[] globalIds, int count) {
    final int[] entries = this.entries;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += entries[globalIds[i]];
    }
    touched = sum; // keeps the loop from being optimised away
  }

  private void ensureRoomFor(long numNodes) {
    if (numNodes >= nodes.length) {
      nodes = Arrays.copyOf(nodes, (int) Math.min(2 * numNodes, Integer.MAX_VALUE - 8));
    }
  }
}
