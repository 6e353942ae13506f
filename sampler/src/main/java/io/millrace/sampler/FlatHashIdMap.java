package io.millrace.sampler;

import java.util.Arrays;

/**
 * An open-addressing hash map from global to local id in one flat array; key and value are
 * adjacent.
 *
 * <pre>
 *   slot, 64 bits:  | global id (32) | base + local id (32, unsigned) |
 * </pre>
 *
 * <p>Linear probing. The map is kept less than half full and doubles when it grows.
 */
final class FlatHashIdMap extends NodeIdMap {
  private static final int INITIAL_CAPACITY = 1 << 12;
  private static final int MAX_NODES = (1 << 29) - 1;
  private static final long VALUE = 0xFFFF_FFFFL;

  private long[] slots = new long[INITIAL_CAPACITY];
  private int shift = shift(INITIAL_CAPACITY);

  /** Scratch of {@link #assign}: the entries read from the slots of the chunk's ids. */
  private long[] entries = new long[SCRATCH];

  FlatHashIdMap(long base) {
    super(base, INITIAL_CAPACITY / 2);
  }

  @Override
  void zero() {
    Arrays.fill(slots, 0);
  }

  @Override
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    ensureRoomFor(size + (long) count);
    if (entries.length < count) {
      missing = new int[count];
      entries = new long[count];
    }
    read(globalIds, count);
    int numMissing = find(globalIds, count, localIds, localFrom);
    final int[] missing = this.missing;
    final long[] slots = this.slots;
    final int[] nodes = this.nodes;
    final int shift = this.shift;
    final int mask = slots.length - 1;
    final long base = this.base;
    int size = this.size;
    // At every step nodes[0..size) are exactly the keys whose slot holds a value of at least base.
    for (int m = 0; m < numMissing; m++) {
      int i = missing[m];
      int id = globalIds[i];
      int slot = hash(id, shift);
      long entry = slots[slot];
      long known = (entry & VALUE) - base;
      while (known >= 0 && (int) (entry >>> 32) != id) {
        slot = slot + 1 & mask;
        entry = slots[slot];
        known = (entry & VALUE) - base;
      }
      if (known < 0) {
        known = size;
        slots[slot] = (long) id << 32 | base + size;
        nodes[size++] = id;
      }
      localIds[localFrom + i] = (int) known;
    }
    this.size = size;
  }

  /** Reads the home slot of each id. */
  private void read(int[] globalIds, int count) {
    final long[] slots = this.slots;
    final long[] entries = this.entries;
    final int shift = this.shift;
    for (int i = 0; i < count; i++) {
      entries[i] = slots[hash(globalIds[i], shift)];
    }
  }

  /** Writes the local ids that are found. Returns the number of ids that are not found. */
  private int find(int[] globalIds, int count, int[] localIds, int localFrom) {
    final int[] missing = this.missing;
    final long[] entries = this.entries;
    final long base = this.base;
    int numMissing = 0;
    for (int i = 0; i < count; i++) {
      long known = (entries[i] & VALUE) - base;
      long otherKey =
          entries[i] >>> 32 ^ globalIds[i]; // 0 if the keys are equal; ids are not negative
      localIds[localFrom + i] = (int) known;
      missing[numMissing] = i;
      numMissing += (int) ((known | -otherKey) >>> 63);
    }
    return numMissing;
  }

  /** Fibonacci hashing: the high bits of the product with 2^32 divided by the golden ratio. */
  private static int hash(int id, int shift) {
    return id * 0x9E3779B9 >>> shift;
  }

  private static int shift(int capacity) {
    return Integer.SIZE - Integer.numberOfTrailingZeros(capacity);
  }

  /** Keeps the slots less than half full; {@code nodes} is half as long. */
  private void ensureRoomFor(long numNodes) {
    if (numNodes < nodes.length) {
      return;
    }
    if (numNodes > MAX_NODES) {
      throw new IllegalStateException("a batch holds fewer than 2^29 nodes: numNodes=" + numNodes);
    }
    int capacity = Integer.highestOneBit((int) numNodes) * 4;
    // The larger array comes first, so that running out of memory leaves the map unchanged.
    long[] longer = new long[capacity];
    nodes = Arrays.copyOf(nodes, capacity / 2);
    slots = longer;
    shift = shift(capacity);
    base = 1;
    reinsert();
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
