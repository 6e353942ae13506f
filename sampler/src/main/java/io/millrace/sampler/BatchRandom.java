package io.millrace.sampler;

/**
 * Random numbers as a function of where they are used, not of when.
 *
 * <p>A draw is {@code mix(key + counter * GOLDEN)}: the SplitMix64 generator of Steele, Lea and
 * Flood ("Fast splittable pseudorandom number generators", OOPSLA 2014), read at any position
 * instead of in sequence, as counter-based generators are (Salmon et al., "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011). The key is derived from (run seed, epoch, batch) and then from
 * (hop, node), so a node's draws do not depend on the order in which nodes are visited, on the
 * worker, or on the id map. Stateless; all threads share it.
 */
public final class BatchRandom {
  /**
   * 2^64 divided by the golden ratio, made odd. Its consecutive multiples are spread evenly over
   * the 64-bit numbers.
   */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private BatchRandom() {}

  /** The seed of one batch. */
  public static long batchSeed(long runSeed, int epoch, int batch) {
    return key(key(mix(runSeed), epoch), batch);
  }

  /** A different key for each value of {@code part}, derived from {@code parent}. */
  public static long key(long parent, int part) {
    return mix(parent + (part + 1L) * GOLDEN);
  }

  /** The 64 random bits at {@code counter} of the sequence of {@code key}. */
  static long bits(long key, long counter) {
    return mix(key + (counter + 1) * GOLDEN);
  }

  /**
   * A whole number in {@code [0, bound)}, each exactly as likely as any other.
   *
   * <p>The high half of the product {@code bits * bound} maps 2^64 numbers onto {@code bound}
   * values. They do not divide evenly, so the few products whose low half lies below {@code 2^64
   * mod bound} are rejected and drawn again (Lemire, "Fast random integer generation in an
   * interval", TOMACS 2019). A rejected draw is repeated under another key, so that it does not use
   * the counter of another draw.
   */
  public static int bounded(long key, int counter, int bound) {
    long bits = bits(key, counter);
    if (Long.compareUnsigned(bits * bound, bound) < 0) {
      bits = redraw(bits, key, counter, bound);
    }
    return (int) Math.unsignedMultiplyHigh(bits, bound);
  }

  static long redraw(long first, long key, int counter, int bound) {
    long threshold = Long.remainderUnsigned(-bound, bound);
    long bits = first;
    for (long retryKey = mix(~key);
        Long.compareUnsigned(bits * bound, threshold) < 0;
        retryKey = mix(retryKey)) {
      bits = bits(retryKey, counter);
    }
    return bits;
  }

  /** The output function of SplitMix64 (variant 13 of Stafford's mixers). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
