package io.millrace.bench.explore;

import java.util.Arrays;

/** An array over all nodes of the graph, cleared by a base that only grows, see FlatHashIds. */
final class DirectAddressIds extends LocalIds {
  private static final long MAX_BASE = 1L << 31;

  private final int[] entries;
  private long base = 1;
  private long touched;

  DirectAddressIds(int numNodes) {
    entries = new int[numNodes];
  }

  @Override
  void clear() {
    base += size();
    super.clear();
    if (base >= MAX_BASE) {
      Arrays.fill(entries, 0);
      base = 1;
    }
  }

  @Override
  int localId(int globalId) {
    long known = Integer.toUnsignedLong(entries[globalId]) - base;
    if (known >= 0) {
      return (int) known;
    }
    int local = append(globalId);
    entries[globalId] = (int) (base + local);
    return local;
  }

  /** Reads all entries first, so that their cache misses overlap. */
  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    final int[] entries = this.entries;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += entries[globalIds[i]];
    }
    touched = sum; // keeps the loop from being optimised away
    super.assign(globalIds, count, localIds, localFrom);
  }
}
