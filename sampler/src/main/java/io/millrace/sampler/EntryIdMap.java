package io.millrace.sampler;

import io.millrace.SplitMix64;
import java.util.Arrays;

/**
 * An open-addressing hash map from entries, a node at a time, to local ids in one flat array; key
 * and value are adjacent.
 *
 * <pre>
 *   slot, 128 bits:  | node (32) | base + local id (32, unsigned) | time (64) |
 * </pre>
 *
 * <p>Linear probing. The map is kept less than half full and doubles when it grows.
 */
final class EntryIdMap extends NodeIdMap {
  private static final int INITIAL_CAPACITY = 1 << 12;
  private static final int MAX_ENTRIES = (1 << 28) - 1;
  private static final long VALUE = 0xFFFF_FFFFL;

  /** Two per slot. */
  private long[] slots = new long[2 * INITIAL_CAPACITY];

  private long[] times = new long[INITIAL_CAPACITY / 2];

  /**
   * Scratch of {@link #assign}: where the home slots of the chunk's entries are, and their keys.
   */
  private int[] homes = new int[SCRATCH];

  private long[] found = new long[SCRATCH];

  private long[] nextTimes = {};

  EntryIdMap() {
    super(1, INITIAL_CAPACITY / 2);
  }

  @Override
  void zero() {
    Arrays.fill(slots, 0);
  }

  /** The time of each local id; may be longer, and is replaced when it grows. */
  long[] times() {
    return times;
  }

  /**
   * @param value the times of the nodes of the next {@link #assign}; read then
   */
  void nextTimes(long[] value) {
    nextTimes = value;
  }

  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    ensureRoomFor(size + (long) count);
    if (homes.length < count) {
      missing = new int[count];
      found = new long[count];
      homes = new int[count];
    }
    read(globalIds, count);
    int numMissing = find(globalIds, count, localIds, localFrom);
    final int[] missing = this.missing;
    final long[] entryTimes = nextTimes;
    final long[] slots = this.slots;
    final int[] nodes = this.nodes;
    final long[] times = this.times;
    final long base = this.base;
    final int mask = slots.length - 1;
    int size = this.size;
    // At every step the entries of local ids below size are exactly those whose slot holds a value
    // of at least base.
    for (int m = 0; m < numMissing; m++) {
      int i = missing[m];
      int id = globalIds[i];
      long time = entryTimes[i];
      int slot = homes[i];
      long known = (slots[slot] & VALUE) - base;
      while (known >= 0 && ((int) (slots[slot] >>> 32) != id || slots[slot + 1] != time)) {
        slot = slot + 2 & mask;
        known = (slots[slot] & VALUE) - base;
      }
      if (known < 0) {
        known = size;
        slots[slot] = (long) id << 32 | base + size;
        slots[slot + 1] = time;
        nodes[size] = id;
        times[size++] = time;
      }
      localIds[localFrom + i] = (int) known;
    }
    this.size = size;
  }

  /** Reads the home slot of each entry. */
  private void read(int[] globalIds, int count) {
    final long[] entryTimes = nextTimes;
    final int[] homes = this.homes;
    final int mask = slots.length - 2;
    for (int i = 0; i < count; i++) {
      homes[i] = home(globalIds[i], entryTimes[i]) & mask;
    }
    final long[] slots = this.slots;
    final long[] found = this.found;
    for (int i = 0; i < count; i++) {
      found[i] = slots[homes[i]];
    }
  }

  /** Writes the local ids that are found. Returns the number of entries that are not found. */
  private int find(int[] globalIds, int count, int[] localIds, int localFrom) {
    final long[] entryTimes = nextTimes;
    final long[] slots = this.slots;
    final int[] homes = this.homes;
    final long[] found = this.found;
    final int[] missing = this.missing;
    final long base = this.base;
    int numMissing = 0;
    for (int i = 0; i < count; i++) {
      long known = (found[i] & VALUE) - base;
      long otherKey = found[i] >>> 32 ^ globalIds[i] | slots[homes[i] + 1] ^ entryTimes[i];
      localIds[localFrom + i] = (int) known;
      missing[numMissing] = i;
      numMissing += (int) ((known | otherKey | -otherKey) >>> 63);
    }
    return numMissing;
  }

  /** Even once it is masked, as two numbers make a slot. */
  private static int home(int node, long time) {
    return (int) SplitMix64.mix(time * SplitMix64.GOLDEN + node);
  }

  /** Keeps the slots less than half full. */
  private void ensureRoomFor(long numEntries) {
    if (numEntries < nodes.length) {
      return;
    }
    if (numEntries > MAX_ENTRIES) {
      throw new IllegalStateException(
          "a batch holds fewer than 2^28 entries: numEntries=" + numEntries);
    }
    int capacity = Integer.highestOneBit((int) numEntries) * 4;
    // The largest array comes first, so that running out of memory leaves the map unchanged.
    long[] longer = new long[2 * capacity];
    long[] moreTimes = Arrays.copyOf(times, capacity / 2);
    nodes = Arrays.copyOf(nodes, capacity / 2);
    times = moreTimes;
    slots = longer;
    base = 1;
    reinsert();
  }

  private void reinsert() {
    int mask = slots.length - 1;
    for (int local = 0; local < size; local++) {
      int slot = home(nodes[local], times[local]) & mask - 1;
      while (slots[slot] != 0) {
        slot = slot + 2 & mask;
      }
      slots[slot] = (long) nodes[local] << 32 | base + local;
      slots[slot + 1] = times[local];
    }
  }
}
