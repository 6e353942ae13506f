package io.millrace.datasets.platform;

import io.millrace.Internal;

/** The one 64-bit mixing function: gives unrelated bits for related inputs. */
@Internal
public final class RandomBits {
  private RandomBits() {}

  /**
   * Mix13 of Stafford, the finaliser of SplitMix64 (Steele, Lea and Flood: Fast Splittable
   * Pseudorandom Number Generators, OOPSLA 2014): a bijection of 64-bit values.
   */
  public static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
