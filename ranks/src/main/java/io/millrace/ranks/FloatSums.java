package io.millrace.ranks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Sums of float32 values in memory. Stateless. */
@Internal
public final class FloatSums {
  /**
   * Values that are added at a time, in arrays: the compiler vectorises a loop over arrays, but not
   * one over the memory of a shared arena. They fit in the first cache.
   */
  private static final int BLOCK = 2048;

  private FloatSums() {}

  /** {@code sum[i] += part[i]}; a part need not be aligned. */
  public static void add(MemorySegment sum, MemorySegment part) {
    long count = sum.byteSize() / Float.BYTES;
    float[] total = new float[(int) Math.min(BLOCK, count)];
    float[] added = new float[total.length];
    for (long begin = 0; begin < count; begin += BLOCK) {
      int size = (int) Math.min(BLOCK, count - begin);
      long at = begin * Float.BYTES;
      MemorySegment.copy(sum, JAVA_FLOAT, at, total, 0, size);
      MemorySegment.copy(part, JAVA_FLOAT_UNALIGNED, at, added, 0, size);
      for (int i = 0; i < size; i++) {
        total[i] += added[i];
      }
      MemorySegment.copy(total, 0, sum, JAVA_FLOAT, at, size);
    }
  }

  /**
   * Checks the memory of a fold.
   *
   * @throws IllegalArgumentException unless all parts are as large as the sum, which is whole
   *     float32 values in native memory of a shared arena
   */
  public static void requireFit(List<MemorySegment> parts, MemorySegment sum) {
    for (MemorySegment part : parts) {
      if (part.byteSize() != sum.byteSize()) {
        throw new IllegalArgumentException(
            "parts must be as large as their sum: part=" + part.byteSize() + ", sum=" + sum);
      }
    }
    boolean shared = sum.isAccessibleBy(Thread.ofVirtual().unstarted(() -> {}));
    if (sum.byteSize() % Float.BYTES != 0 || !sum.isNative() || sum.isReadOnly() || !shared) {
      throw new IllegalArgumentException("a sum is float32 in shared native memory: " + sum);
    }
  }
}
