package io.millrace;

/**
 * The one 64-bit mixing function, which gives unrelated bits for related inputs: the SplitMix64
 * generator (Steele, Lea and Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014)
 * read at any position. Stateless.
 */
@Internal
public final class SplitMix64 {
  /**
   * 2^64 divided by the golden ratio, odd: consecutive multiples are spread evenly over the 64-bit
   * numbers.
   */
  public static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private SplitMix64() {}

  /** The output function of the generator, Stafford's mixer 13: a bijection of 64-bit values. */
  public static long mix(long value) {
    long z = mixUpper(value);
    return z ^ (z >>> 31);
  }

  /** As {@link #mix} without its last step, which leaves the upper 31 bits as they are. */
  public static long mixUpper(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    return (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
  }

  /** The first output of a generator that is seeded with the value: also a bijection. */
  public static long first(long seed) {
    return mix(seed + GOLDEN);
  }
}
