package io.millrace.sampler;

import io.millrace.BadInputException;
import java.util.Arrays;

/**
 * A map from global to local id that is an array over all nodes of the graph: 4 bytes per node of
 * the graph, independent of the batch.
 *
 * <pre>
 *   entry of a global id, 32 bits, unsigned:  | base + local id |
 * </pre>
 */
final class DirectAddressIdMap extends NodeIdMap {
  private static final int INITIAL_NODES = 1 << 12;

  /** The largest number of nodes: the longest array that every JVM allocates. */
  static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final int[] entries;

  DirectAddressIdMap(int numNodes, long base) {
    super(base, INITIAL_NODES);
    if (numNodes > MAX_LENGTH) {
      throw BadInputException.of(
          "too many nodes for a direct-address map: use the flat hash", "numNodes", numNodes);
    }
    entries = new int[numNodes];
  }

  @Override
  void zero() {
    Arrays.fill(entries, 0);
  }

  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    ensureRoomFor(size + (long) count);
    if (missing.length < count) {
      missing = new int[count];
    }
    read(globalIds, count, localIds, localFrom);
    int numMissing = find(count, localIds, localFrom);
    final int[] missing = this.missing;
    final int[] entries = this.entries;
    final int[] nodes = this.nodes;
    final long base = this.base;
    int size = this.size;
    // At every step nodes[0..size) are exactly the ids whose entry is at least base.
    for (int m = 0; m < numMissing; m++) {
      int i = missing[m];
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

  private void read(int[] globalIds, int count, int[] localIds, int localFrom) {
    final int[] entries = this.entries;
    for (int i = 0; i < count; i++) {
      localIds[localFrom + i] = entries[globalIds[i]];
    }
  }

  /** Turns entries into local ids. Returns the number of ids that were not found. */
  private int find(int count, int[] localIds, int localFrom) {
    final int[] missing = this.missing;
    final long base = this.base;
    int numMissing = 0;
    for (int i = 0; i < count; i++) {
      long known = Integer.toUnsignedLong(localIds[localFrom + i]) - base;
      localIds[localFrom + i] = (int) known;
      missing[numMissing] = i;
      numMissing += (int) (known >>> 63);
    }
    return numMissing;
  }

  private void ensureRoomFor(long numNodes) {
    if (numNodes > nodes.length) {
      nodes = Arrays.copyOf(nodes, (int) Math.min(2 * numNodes, MAX_LENGTH));
    }
  }
}
