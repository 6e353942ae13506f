package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Sorts non-negative 64-bit keys by their digits, least significant first (Knuth, The Art of
 * Computer Programming, volume 3, 5.2.5): stable, and its time depends neither on the keys'
 * distribution nor on the processor's sort instructions. Digits begin at a bit that varies between
 * the keys, so ids below a million, 20 bits, take two passes.
 *
 * <p>On request it also returns the order: the previous position of each sorted key.
 */
final class RadixSort {
  /** A pass writes to as many places as a digit has values; more would not fit the L1 cache. */
  private static final int DIGIT_BITS = 10;

  private static final int VALUES = 1 << DIGIT_BITS;

  private final int size;
  private final boolean wantOrder;
  private MemorySegment keys;
  private MemorySegment spareKeys;
  private MemorySegment order;
  private MemorySegment spareOrder;

  /**
   * @param keys int64, {@code [size]}
   * @param spareKeys room for as many
   * @param order room for as many int32, like {@code spareOrder}; not touched unless the order is
   *     requested
   */
  RadixSort(
      MemorySegment keys,
      MemorySegment spareKeys,
      boolean wantOrder,
      MemorySegment order,
      MemorySegment spareOrder) {
    this.size = Math.toIntExact(keys.byteSize() / Long.BYTES);
    this.keys = keys;
    this.spareKeys = spareKeys;
    this.wantOrder = wantOrder;
    this.order = order;
    this.spareOrder = spareOrder;
  }

  /** Whether the keys are sorted already. */
  boolean inOrder() {
    long last = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      long key = keys.getAtIndex(JAVA_LONG, i);
      if (key < last) {
        return false;
      }
      last = key;
    }
    return true;
  }

  /**
   * @return whether the sorted keys are in {@code spareKeys}; otherwise they are in {@code keys}
   */
  boolean run() {
    for (int i = 0; wantOrder && i < size; i++) {
      order.setAtIndex(JAVA_INT, i, i);
    }
    long varying = varyingBits();
    boolean swapped = false;
    for (int shift = 0; shift < Long.SIZE && varying >>> shift != 0; shift += DIGIT_BITS) {
      shift += Long.numberOfTrailingZeros(varying >>> shift);
      pass(shift);
      swapped = !swapped;
    }
    return swapped;
  }

  /** After {@link #run}: the previous position of each key, in the order of the keys now. */
  MemorySegment order() {
    return order;
  }

  private long varyingBits() {
    long or = 0;
    long and = -1;
    for (int i = 0; i < size; i++) {
      long key = keys.getAtIndex(JAVA_LONG, i);
      or |= key;
      and &= key;
    }
    return or ^ and;
  }

  private void pass(int shift) {
    MemorySegment from = keys;
    MemorySegment to = spareKeys;
    int[] places = places(from, shift);
    if (wantOrder) {
      MemorySegment fromOrder = order;
      MemorySegment toOrder = spareOrder;
      for (int i = 0; i < size; i++) {
        long key = from.getAtIndex(JAVA_LONG, i);
        int place = places[(int) (key >>> shift) & VALUES - 1]++;
        to.setAtIndex(JAVA_LONG, place, key);
        toOrder.setAtIndex(JAVA_INT, place, fromOrder.getAtIndex(JAVA_INT, i));
      }
      order = toOrder;
      spareOrder = fromOrder;
    } else {
      for (int i = 0; i < size; i++) {
        long key = from.getAtIndex(JAVA_LONG, i);
        to.setAtIndex(JAVA_LONG, places[(int) (key >>> shift) & VALUES - 1]++, key);
      }
    }
    keys = to;
    spareKeys = from;
  }

  /** Where the keys of each digit begin. */
  private int[] places(MemorySegment from, int shift) {
    int[] places = new int[VALUES];
    for (int i = 0; i < size; i++) {
      places[(int) (from.getAtIndex(JAVA_LONG, i) >>> shift) & VALUES - 1]++;
    }
    int sum = 0;
    for (int value = 0; value < VALUES; value++) {
      int count = places[value];
      places[value] = sum;
      sum += count;
    }
    return places;
  }
}
