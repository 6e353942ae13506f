package io.millrace.serving.batching;

import java.util.Arrays;

/** The 95th percentile of the latest times. Thread-safe. */
public final class RecentTimes {
  private static final int KEPT = 256;
  private static final int RENEWED_AFTER = 32;

  private final long[] nanos = new long[KEPT];
  private int count;
  private volatile long percentile95;

  /** Adds a time. */
  public synchronized void add(long value) {
    nanos[count++ % KEPT] = value;
    if (count % RENEWED_AFTER == 0) {
      long[] sorted = Arrays.copyOf(nanos, Math.min(count, KEPT));
      Arrays.sort(sorted);
      percentile95 = sorted[(sorted.length - 1) * 95 / 100];
    }
    if (count == 2 * KEPT) {
      count = KEPT;
    }
  }

  /** In nanoseconds; 0 as long as there are few. */
  public long percentile95() {
    return percentile95;
  }
}
