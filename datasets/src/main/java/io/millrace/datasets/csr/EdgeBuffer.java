package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.platform.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A buffer of edges in memory that can be sorted: keys, 8 bytes each as {@link EdgeList} packs them
 * (so that ascending keys are rows in order), and next to each key the attributes of its edge,
 * {@link EdgeColumns}.
 *
 * <p>Every array has a second one of the same size: a step reads one and writes the other. Used by
 * one thread at a time; the arena's owner closes it.
 */
final class EdgeBuffer {
  /** The key of a skipped edge: source and destination are -1. */
  private static final long SKIPPED = -1;

  private final EdgeColumns columns;
  private final int carriedBytes;
  private final int capacity;
  private MemorySegment keys;
  private MemorySegment spareKeys;
  private MemorySegment carried;
  private MemorySegment spareCarried;
  private final MemorySegment order;
  private final MemorySegment spareOrder;
  private int size;
  private int maxNode = -1;
  private boolean skips;

  EdgeBuffer(int capacity, EdgeColumns columns, Arena arena) {
    this.columns = columns;
    this.carriedBytes = columns.bytes();
    this.capacity = capacity;
    long orderBytes = carriedBytes == 0 ? 0 : (long) capacity * Integer.BYTES;
    keys = HugePages.allocate((long) capacity * Long.BYTES, arena);
    spareKeys = HugePages.allocate((long) capacity * Long.BYTES, arena);
    carried = HugePages.allocate((long) capacity * carriedBytes, arena);
    spareCarried = HugePages.allocate((long) capacity * carriedBytes, arena);
    order = HugePages.allocate(orderBytes, arena);
    spareOrder = HugePages.allocate(orderBytes, arena);
  }

  /** Bytes of a buffer per edge of its capacity. */
  static long bytesPerRecord(EdgeColumns columns) {
    int carriedBytes = columns.bytes();
    return 2L * Long.BYTES + (carriedBytes == 0 ? 0 : 2L * (Integer.BYTES + carriedBytes));
  }

  EdgeColumns columns() {
    return columns;
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  void clear() {
    size = 0;
    skips = false;
  }

  /** Appends an edge that only counts in the positions of the others. */
  void skip() {
    add(SKIPPED);
    skips = true;
  }

  /** Removes skipped edges where positions do not matter. */
  void dropSkipped() {
    if (skips) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        long key = key(i);
        if (key != SKIPPED) {
          keys.setAtIndex(JAVA_LONG, kept++, key);
        }
      }
      size = kept;
    }
  }

  /** Appends an edge whose attributes are zero. */
  void add(long key) {
    keys.setAtIndex(JAVA_LONG, size, key);
    size++;
    if (carriedBytes > 0) {
      carried(size - 1).fill((byte) 0);
    }
  }

  /** Appends edges whose attributes are zero; returns their keys, to be filled. */
  MemorySegment append(int count) {
    int from = size;
    grow(count);
    carried(from, size).fill((byte) 0);
    return keys(from, size);
  }

  /** Appends edges, whose keys and attributes the caller fills. */
  void grow(int count) {
    if (count > capacity - size) {
      throw new IllegalStateException(
          "no room: size=" + size + ", count=" + count + ", capacity=" + capacity);
    }
    size += count;
  }

  /** The edges' keys, {@code [size]}. */
  MemorySegment keys() {
    return keys(0, size);
  }

  MemorySegment keys(long from, long to) {
    return keys.asSlice(from * Long.BYTES, (to - from) * Long.BYTES);
  }

  /** The attributes of the edges, {@code [size x columns.bytes()]}. */
  MemorySegment carried() {
    return carried(0, size);
  }

  MemorySegment carried(long from, long to) {
    return carried.asSlice(from * carriedBytes, (to - from) * carriedBytes);
  }

  /** Memory of 8 bytes per edge that is free until the next step. */
  MemorySegment spare() {
    return spareKeys;
  }

  /** Memory for the attributes of all edges that is free until the next step. */
  MemorySegment spareCarried() {
    return spareCarried;
  }

  /** The attributes of one edge. */
  MemorySegment carried(long i) {
    return carried.asSlice(i * carriedBytes, carriedBytes);
  }

  /** From {@code start} on, turns positions in a block into positions in the input. */
  void addToIds(int start, long blockStart) {
    for (long i = start; i < size; i++) {
      long offset = i * carriedBytes;
      carried.set(EdgeColumns.LONG, offset, carried.get(EdgeColumns.LONG, offset) + blockStart);
    }
  }

  /**
   * Turns the given edges into those of the rows: without skipped ones, without self-loops or with
   * reverse edges, as the options require, in the order of the input. There must be room for them.
   *
   * @param numNodes ids must be below
   * @return the first edge with an id out of range, or -1
   */
  int expand(EdgeOptions options, int numNodes) {
    if (columns.ids()) {
      numberInBlock();
    }
    int expanded = 0;
    for (int i = 0; i < size; i++) {
      long key = keys.getAtIndex(JAVA_LONG, i);
      int src = EdgeList.src(key);
      int dst = EdgeList.dst(key);
      if (src < 0 || src >= numNodes || dst < 0 || dst >= numNodes) {
        if (skips && key == SKIPPED) {
          continue;
        }
        return i;
      }
      maxNode = Math.max(maxNode, Math.max(src, dst));
      if (src != dst || !options.dropSelfLoops()) {
        put(key, i, expanded++);
      }
      if (src != dst && options.addReverse()) {
        put(EdgeList.pack(dst, src), i, expanded++);
      }
    }
    size = expanded;
    swapKeys();
    swapCarried();
    return -1;
  }

  /** The highest id expanded so far, or -1. */
  int maxNode() {
    return maxNode;
  }

  long key(int i) {
    return keys.getAtIndex(JAVA_LONG, i);
  }

  private void numberInBlock() {
    for (long i = 0; i < size; i++) {
      carried.set(EdgeColumns.LONG, i * carriedBytes, i);
    }
  }

  private void put(long key, int from, int to) {
    spareKeys.setAtIndex(JAVA_LONG, to, key);
    if (carriedBytes > 0) {
      copyCarried(from, to);
    }
  }

  /** Sorts by ascending key; edges with the same key stay in their order. See {@link RadixSort}. */
  void sort() {
    RadixSort sort = new RadixSort(keys(), spareKeys, carriedBytes > 0, order, spareOrder);
    if (sort.inOrder()) {
      return;
    }
    if (sort.run()) {
      swapKeys();
    }
    if (carriedBytes > 0) {
      MemorySegment from = sort.order();
      for (int i = 0; i < size; i++) {
        copyCarried(from.getAtIndex(JAVA_INT, i), i);
      }
      swapCarried();
    }
  }

  /** Keeps the first of sorted edges with the same key. */
  void dropDuplicates() {
    int distinct = 0;
    long last = -1;
    for (int i = 0; i < size; i++) {
      long key = keys.getAtIndex(JAVA_LONG, i);
      if (key != last) {
        keys.setAtIndex(JAVA_LONG, distinct, key);
        if (carriedBytes > 0 && i != distinct) {
          carried(distinct).copyFrom(carried(i));
        }
        distinct++;
      }
      last = key;
    }
    size = distinct;
  }

  private void copyCarried(int from, int to) {
    MemorySegment.copy(
        carried, (long) from * carriedBytes, spareCarried, (long) to * carriedBytes, carriedBytes);
  }

  private void swapKeys() {
    MemorySegment swapped = keys;
    keys = spareKeys;
    spareKeys = swapped;
  }

  private void swapCarried() {
    MemorySegment swapped = carried;
    carried = spareCarried;
    spareCarried = swapped;
  }
}
