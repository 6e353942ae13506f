package io.millrace.sampler;

import java.util.Arrays;

/**
 * A map from global to local id that is an array over all nodes of the graph: 4 bytes a node,
 * whatever the batch holds.
 *
 * <pre>
 *   entry of a global id, 32 bits, unsigned:  | base + local id |
 * </pre>
 */
final class DirectAddressIdMap extends NodeIdMap {
  private static final int INITIAL_NODES = 1 << 12;
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final int[] entries;

  DirectAddressIdMap(int numNodes, long base) {
    super(base, INITIAL_NODES);
    entries = new int[numNodes];
  }

  @Override
  void zero() {
    Arrays.fill(entries, 0);
  }

  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    ensureRoomFor(size + (long) count);
    touch(globalIds, count);
    final int[] entries = this.entries;
    final int[] nodes = this.nodes;
    final long base = this.base;
    int size = this.size;
    // At every step nodes[0..size) are exactly the ids whose entry is at least base.
    for (int i = 0; i < count; i++) {
      int id = globalIds[i];
      long known = Integer.toUnsignedLong(entries[id]) - base;
      if (known < 0) {
        known = size;
        entries[id] = (int) (base + size);
        nodes[size++] = id;
      }
      localIds[localFrom + i] = (int) known;
    }
    this.size = size;
  }

  private void touch(int[] globalIds, int count) {
    final int[] entries = this.entries;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += entries[globalIds[i]];
    }
    touched = sum;
  }

  private void ensureRoomFor(long numNodes) {
    if (numNodes > nodes.length) {
      nodes = Arrays.copyOf(nodes, (int) Math.min(2 * numNodes, MAX_LENGTH));
    }
  }
}
