package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Builds the alias table of one row after the other (Walker 1977; Vose, "A linear algorithm for
 * generating random numbers with a given distribution", 1991): an edge is drawn by weight from one
 * number, with one read.
 *
 * <pre>
 *   entry of an edge, 64 bits:  | threshold (31) | distance to its alias, in ranks (32, signed) |
 * </pre>
 *
 * <p>An edge that is hit is drawn itself in {@code threshold} of 2^31 cases, and its alias
 * otherwise. A table follows from the weights of its row alone. Used by one thread.
 */
final class AliasBuilder {
  private static final double ONE = 0x1p31;

  private double[] shares = {};
  private int[] aliases = {};

  /** Ranks with a share below 1 from the front, the others from the back. */
  private int[] open = {};

  /**
   * Builds a table.
   *
   * @param start position of the row's first weight
   * @param table where the entries go, from {@code first} on
   * @return the sum of the weights; if it is 0, there is no table
   */
  double build(MemorySegment weights, long start, int degree, MemorySegment table, long first) {
    double sum = read(weights, start, degree);
    if (sum > 0) {
      pair(degree, sum);
      for (int rank = 0; rank < degree; rank++) {
        long threshold = Math.min(Math.round(shares[rank] * ONE), Integer.MAX_VALUE);
        long distance = aliases[rank] - rank;
        table.setAtIndex(JAVA_LONG, first + rank, threshold << 32 | distance & 0xFFFF_FFFFL);
      }
    }
    return sum;
  }

  /**
   * How far from the hit edge the drawn one is, in ranks. Without a branch, which would be
   * mispredicted and would wait for the entry.
   *
   * @param entry of the edge that is hit
   * @param fraction from {@code [0, 2^31)}, all equally likely; negative: 0
   */
  static int distance(long entry, int fraction) {
    int isAlias = ~(fraction - (int) (entry >>> 32) >> 31); // all bits set, or 0
    return (int) entry & isAlias;
  }

  /** What is left over of random bits that hit one of {@code n} ranks, {@code [0, 2^31)}. */
  static int fraction(long bits, int n) {
    return (int) (bits * n >>> 33);
  }

  /** Reads the weights into the shares. Returns their sum. */
  private double read(MemorySegment weights, long start, int degree) {
    if (shares.length < degree) {
      shares = new double[degree];
      aliases = new int[degree];
      open = new int[degree];
    }
    double sum = 0;
    for (int rank = 0; rank < degree; rank++) {
      shares[rank] = weights.getAtIndex(JAVA_FLOAT, start + rank);
      sum += shares[rank];
    }
    return sum;
  }

  /** Fills the share of each rank up to 1 by one other rank. */
  private void pair(int degree, double sum) {
    int numSmall = 0;
    int largeFrom = degree;
    int heaviest = 0;
    for (int rank = 0; rank < degree; rank++) {
      heaviest = shares[rank] > shares[heaviest] ? rank : heaviest;
    }
    for (int rank = 0; rank < degree; rank++) {
      boolean positive = shares[rank] > 0;
      shares[rank] *= degree / sum;
      aliases[rank] = positive ? rank : heaviest; // stays so if rounding leaves it unpaired
      if (shares[rank] < 1) {
        open[numSmall++] = rank;
      } else {
        open[--largeFrom] = rank;
      }
    }
    while (numSmall > 0 && largeFrom < degree) {
      int small = open[--numSmall];
      int large = open[largeFrom];
      aliases[small] = large;
      shares[large] = shares[large] + shares[small] - 1;
      if (shares[large] < 1) {
        largeFrom++;
        open[numSmall++] = large;
      }
    }
  }
}
