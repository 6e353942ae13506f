package io.millrace.training.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The area under the ROC curve: how likely a positive has a higher score than a negative, a tie
 * counting half (Hanley and McNeil, Radiology 1982; the Mann-Whitney statistic). Exact.
 *
 * <p>Each score is kept in 8 bytes: its bits, turned so that they sort as the number does, above
 * one bit that says whether it is a positive's. One thread.
 */
final class RocAuc {
  private long[] keys = new long[1024];
  private int size;

  void add(float score, boolean positive) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
    }
    int bits = Float.floatToIntBits(score + 0f); // -0 becomes 0, which it ties with
    int sorted = bits ^ (bits >> 31 & Integer.MAX_VALUE); // of negatives a smaller one has more
    keys[size++] = (long) sorted << 1 | (positive ? 1 : 0);
  }

  /** None without a positive or without a negative. */
  OptionalDouble value() {
    Arrays.sort(keys, 0, size);
    long numPositives = 0;
    long numNegatives = 0;
    double twiceWins = 0; // whole numbers, exact up to 2^53
    for (int begin = 0; begin < size; ) {
      long positives = 0;
      int end = begin;
      while (end < size && keys[end] >> 1 == keys[begin] >> 1) {
        positives += keys[end++] & 1;
      }
      long negatives = end - begin - positives;
      twiceWins += (double) positives * (2 * numNegatives + negatives);
      numPositives += positives;
      numNegatives += negatives;
      begin = end;
    }
    return numPositives == 0 || numNegatives == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(twiceWins / 2 / numPositives / numNegatives);
  }
}
