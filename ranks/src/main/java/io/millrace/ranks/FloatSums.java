package io.millrace.ranks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Sums of float32 values in memory. Stateless. */
@Internal
public final class FloatSums {
  private FloatSums() {}

  /** {@code sum[i] += part[i]}; a part need not be aligned. */
  public static void add(MemorySegment sum, MemorySegment part) {
    int count = Math.toIntExact(sum.byteSize() / Float.BYTES);
    for (int i = 0; i < count; i++) {
      sum.setAtIndex(
          JAVA_FLOAT, i, sum.getAtIndex(JAVA_FLOAT, i) + part.getAtIndex(JAVA_FLOAT_UNALIGNED, i));
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
