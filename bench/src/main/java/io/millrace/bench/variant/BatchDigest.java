package io.millrace.bench.variant;

/**
 * 64 bits that stand for a batch: the number of nodes, their global ids, and for each hop, from the
 * seeds outwards, the number of destinations, {@code indptr} and {@code indices}. Equal batches
 * have equal digests, whatever sampled them.
 */
public final class BatchDigest {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private long value;

  public BatchDigest add(int number) {
    value = (value + number + 1) * FACTOR;
    value ^= value >>> 32;
    return this;
  }

  /** Adds {@code values[0..count)}. */
  public BatchDigest add(int[] values, int count) {
    for (int i = 0; i < count; i++) {
      add(values[i]);
    }
    return this;
  }

  public long value() {
    return value;
  }
}
