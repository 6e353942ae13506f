package io.millrace.datasets.generator;

import java.util.SplittableRandom;

/**
 * Draws numbers with given weights, each in constant time.
 *
 * <p>Walker's alias method, built as in Vose, "A linear algorithm for generating random numbers
 * with a given distribution" (IEEE TSE 17, 1991): n columns of equal height, each shared by at most
 * two numbers. A draw picks a column and then, by height, one of the two. Immutable and shared by
 * all threads.
 */
final class AliasTable {
  /** Height of a column: heights are 31-bit integers. */
  private static final long FULL = 1L << 31;

  /** Per column, height of its own number in the upper half, the other number in the lower. */
  private final long[] columns;

  private AliasTable(long[] columns) {
    this.columns = columns;
  }

  /**
   * @param weights 0 or more each; if all are 0, every number is equally likely. Overwritten.
   */
  static AliasTable of(double[] weights) {
    int size = weights.length;
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    // Columns below the mean height wait at the front of the list, those above at its back.
    int[] waiting = new int[size];
    int small = 0;
    int large = size;
    for (int i = 0; i < size; i++) {
      weights[i] = sum > 0 ? weights[i] / sum * size : 1;
      waiting[weights[i] < 1 ? small++ : --large] = i;
    }
    long[] columns = new long[size];
    while (small > 0 && large < size) {
      int low = waiting[--small];
      int high = waiting[large];
      columns[low] = column(weights[low], high);
      weights[high] -= 1 - weights[low];
      if (weights[high] < 1) {
        large++;
        waiting[small++] = high;
      }
    }
    // The remaining columns have height 1, apart from rounding.
    while (small > 0) {
      int i = waiting[--small];
      columns[i] = column(1, i);
    }
    for (; large < size; large++) {
      columns[waiting[large]] = column(1, waiting[large]);
    }
    return new AliasTable(columns);
  }

  private static long column(double height, int other) {
    return Math.min(FULL, Math.round(height * FULL)) << 32 | other;
  }

  /** A number in {@code [0, size)}. */
  int draw(SplittableRandom random) {
    long bits = random.nextLong();
    // The column takes the upper bits of the 64, the height the lower 31.
    int i = (int) Math.unsignedMultiplyHigh(bits, columns.length);
    long column = columns[i];
    return (bits & (FULL - 1)) < column >>> 32 ? i : (int) column;
  }
}
