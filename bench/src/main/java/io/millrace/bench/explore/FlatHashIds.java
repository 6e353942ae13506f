package io.millrace.bench.explore;

import java.util.Arrays;

/**
 * One flat array, id and value side by side, cleared by a base that only grows: a value below it is
 * a left-over. Linear probing, at most half full.
 */
final class FlatHashIds extends LocalIds {
  private static final long VALUE = 0xFFFF_FFFFL;
  private static final long MAX_BASE = 1L << 31;

  private long[] slots = new long[1 << 12];
  private long base = 1;
  private long touched;

  @Override
  void clear() {
    base += size();
    super.clear();
    if (base >= MAX_BASE) {
      Arrays.fill(slots, 0);
      base = 1;
    }
  }

  @Override
  int localId(int globalId) {
    final long[] slots = this.slots;
    int slot = home(globalId, slots.length);
    for (long entry = slots[slot]; (entry & VALUE) >= base; entry = slots[slot]) {
      if ((int) (entry >>> 32) == globalId) {
        return (int) ((entry & VALUE) - base);
      }
      slot = slot + 1 & slots.length - 1;
    }
    int local = append(globalId);
    slots[slot] = (long) globalId << 32 | base + local;
    if (2 * size() > slots.length) {
      grow();
    }
    return local;
  }

  /** Reads all home slots first, so that their cache misses overlap. */
  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    final long[] slots = this.slots;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += slots[home(globalIds[i], slots.length)];
    }
    touched = sum; // keeps the loop from being optimised away
    super.assign(globalIds, count, localIds, localFrom);
  }

  private static int home(int globalId, int capacity) {
    return globalId * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(capacity) + 1;
  }

  private void grow() {
    slots = new long[2 * slots.length];
    base = 1;
    for (int local = 0; local < size(); local++) {
      int slot = home(nodes()[local], slots.length);
      while (slots[slot] != 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = (long) nodes()[local] << 32 | base + local;
    }
  }
}
