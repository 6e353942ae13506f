package io.millrace.sampler.draw;

import java.util.Arrays;

/**
 * Draws {@code k} distinct whole numbers from {@code [0, n)}, every subset equally likely.
 *
 * <p>Floyd's method (Bentley and Floyd, "A sample of brilliance", CACM 1987): for {@code j = n - k,
 * ..., n - 1} draw {@code t} from {@code [0, j]}, j included; take {@code t} if it is new,
 * otherwise {@code j}.
 *
 * <p>Why that is uniform: suppose that before step {@code j} every subset of {@code [0, j)} of the
 * size drawn so far, s, is equally likely. A subset of {@code [0, j]} of size s + 1 that contains
 * {@code j} arises from its other s members with {@code t} being j or one of the s: (s + 1) / (j +
 * 1). One that does not arises by {@code t} being one of its s + 1 members, the other s having been
 * drawn before: again (s + 1) ways out of j + 1. Both are equal, so the supposition holds after
 * step {@code j}. Drawing from {@code [0, j)} instead breaks it: with n = 2 and k = 1, {@code t} is
 * always 0.
 *
 * <p>The test whether {@code t} is new uses as little memory as possible. For few draws it is a
 * filter of one word: bit {@code t mod 64} is set when such a {@code t} is drawn. A clear bit means
 * that {@code t} is new. A set bit means that {@code t} is not new if {@code n <= 64}; otherwise
 * the numbers drawn so far are scanned. For many draws it is a bitmap of {@code n} bits (1/32 of
 * the row in bytes), of which only the words that were written are cleared. One per thread.
 */
final class DistinctDraw extends UnweightedDraw {
  /**
   * With more draws than this, so many bits of the filter are set that it rarely saves the scan.
   */
  private static final int MAX_FILTERED = 32;

  private long[] bitmap = {};

  @Override
  public int limit(int degree, int fanout) {
    return Math.min(degree, fanout);
  }

  @Override
  public int draw(long key, int n, int fanout, long offset, long[] out, int from) {
    int k = Math.min(n, fanout);
    if (k == n) {
      for (int i = 0; i < n; i++) {
        out[from + i] = offset + i;
      }
    } else if (k <= MAX_FILTERED) {
      drawByFilter(key, n, k, offset, out, from);
    } else {
      drawByBitmap(key, n, k, offset, out, from);
    }
    return k;
  }

  private static void drawByFilter(long key, int n, int k, long offset, long[] out, int from) {
    long seen = 0;
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int t = BatchRandom.bounded(key, i, j + 1);
      long bit = 1L << t;
      if ((seen & bit) != 0 && (n <= 64 || contains(out, from, from + i, offset + t))) {
        t = j;
        bit = 1L << j;
      }
      seen |= bit;
      out[from + i] = offset + t;
    }
  }

  private static boolean contains(long[] out, int from, int to, long value) {
    for (int p = from; p < to; p++) {
      if (out[p] == value) {
        return true;
      }
    }
    return false;
  }

  private void drawByBitmap(long key, int n, int k, long offset, long[] out, int from) {
    int words = (n + 63) >>> 6;
    if (bitmap.length < words) {
      bitmap = Arrays.copyOf(bitmap, words);
    }
    final long[] drawnBits = bitmap;
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int drawn = BatchRandom.bounded(key, i, j + 1);
      if ((drawnBits[drawn >>> 6] & 1L << drawn) != 0) {
        drawn = j;
      }
      drawnBits[drawn >>> 6] |= 1L << drawn;
      out[from + i] = offset + drawn;
    }
    for (int p = from; p < from + k; p++) {
      drawnBits[(int) ((out[p] - offset) >>> 6)] = 0;
    }
  }
}
