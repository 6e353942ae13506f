package io.millrace.sampler;

import io.millrace.SplitMix64;
import java.util.Arrays;

/**
 * A hash map from entries, a node at a time, to local ids. A slot tells apart most entries by 32
 * bits of their hash; the entry itself stands with its local id.
 *
 * <pre>
 *   slot, 64 bits:  | hash (32) | base + local id (32, unsigned) |
 * </pre>
 *
 * <p>Linear probing. The map is kept less than half full and doubles when it grows.
 */
final class EntryIdMap extends NodeIdMap {
  private static final int INITIAL_CAPACITY = 1 << 12;
  private static final int MAX_ENTRIES = (1 << 28) - 1;
  private static final long VALUE = 0xFFFF_FFFFL;

  private long[] slots = new long[INITIAL_CAPACITY];
  private long[] times = new long[INITIAL_CAPACITY / 2];

  /** Scratch of {@link #assign}: the hashes of the chunk. */
  private long[] hashes = new long[SCRATCH];

  private long[] nextTimes = {};

  /** Keeps the reads ahead of {@link #assign} from being left out. */
  private long lastRead;

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
    if (hashes.length < count) {
      hashes = new long[count];
    }
    final long[] hashes = this.hashes;
    final long[] entryTimes = nextTimes;
    for (int i = 0; i < count; i++) {
      hashes[i] = hash(globalIds[i], entryTimes[i]);
    }
    final long[] slots = this.slots;
    final long base = this.base;
    final int mask = slots.length - 1;
    long read = 0; // independent reads, so that their cache misses overlap
    for (int i = 0; i < count; i++) {
      read += slots[(int) hashes[i] & mask];
    }
    lastRead = read;
    for (int i = 0; i < count; i++) {
      int slot = (int) hashes[i] & mask;
      int local = -1;
      while (local < 0) {
        long entry = slots[slot];
        long known = (entry & VALUE) - base;
        if (known < 0) {
          local = size;
          slots[slot] = hashes[i] & ~VALUE | base + size;
          nodes[size] = globalIds[i];
          times[size++] = entryTimes[i];
        } else if ((entry ^ hashes[i]) >>> Integer.SIZE == 0
            && nodes[(int) known] == globalIds[i]
            && times[(int) known] == entryTimes[i]) {
          local = (int) known;
        }
        slot = slot + 1 & mask;
      }
      localIds[localFrom + i] = local;
    }
  }

  private static long hash(int node, long time) {
    return SplitMix64.mix(time * SplitMix64.GOLDEN + node);
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
    long[] longer = new long[capacity];
    long[] moreTimes = Arrays.copyOf(times, capacity / 2);
    nodes = Arrays.copyOf(nodes, capacity / 2);
    times = moreTimes;
    slots = longer;
    base = 1;
    int mask = capacity - 1;
    for (int local = 0; local < size; local++) {
      long hash = hash(nodes[local], times[local]);
      int slot = (int) hash & mask;
      while (longer[slot] != 0) {
        slot = slot + 1 & mask;
      }
      longer[slot] = hash & ~VALUE | base + local;
    }
  }
}
