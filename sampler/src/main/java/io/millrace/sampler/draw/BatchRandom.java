package io.millrace.sampler.draw;

import static io.millrace.SplitMix64.GOLDEN;
import static io.millrace.SplitMix64.mix;

import java.util.stream.LongStream;

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
  /** The most random numbers of one call. */
  static final int MAX_COUNT = 256;

  private static final long[] MULTIPLES =
      LongStream.range(0, MAX_COUNT).map(i -> i * GOLDEN).toArray();

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
  public static long bits(long key, long counter) {
    return mix(key + (counter + 1) * GOLDEN);
  }

  /** The random bits at {@code counter}, {@code counter + 1}, ...; a loop that is vectorised. */
  static void bits(long key, long counter, long[] out, int count) {
    long start = key + (counter + 1) * GOLDEN;
    for (int i = 0; i < count; i++) {
      out[i] = mix(start + MULTIPLES[i]);
    }
  }

  /** The random bits at each counter of a list. */
  static void bits(long key, int[] counters, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = mix(key + (counters[i] + 1L) * GOLDEN);
    }
  }

  /** Random bits as a number in {@code (0, 1]}, a multiple of 2^-53. */
  static double unit(long bits) {
    return ((bits >>> 11) + 1) * 0x1p-53;
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
}
