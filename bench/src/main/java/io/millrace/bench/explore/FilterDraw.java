package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;

/**
 * Looks through what is drawn only if one of 64 bits, that of the number modulo 64, says that it
 * may be there; up to {@code n = 64} the bit says that it is.
 */
final class FilterDraw extends Draw {
  @Override
  void drawSome(long key, int n, int k, long offset, long[] out, int from) {
    long seen = 0;
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int drawn = BatchRandom.bounded(key, i, j + 1);
      long bit = 1L << drawn;
      if ((seen & bit) != 0
          && (n <= 64 || ScanDraw.contains(out, from, from + i, offset + drawn))) {
        drawn = j;
        bit = 1L << j;
      }
      seen |= bit;
      out[from + i] = offset + drawn;
    }
  }
}
