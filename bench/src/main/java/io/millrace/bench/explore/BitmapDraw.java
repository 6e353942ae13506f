package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;
import java.util.Arrays;

/** A bit for each of the {@code n} numbers, cleaned by visiting what was drawn. */
final class BitmapDraw extends Draw {
  private long[] bitmap = {};

  @Override
  void drawSome(long key, int n, int k, long offset, long[] out, int from) {
    int words = (n + 63) >>> 6;
    if (bitmap.length < words) {
      bitmap = Arrays.copyOf(bitmap, 2 * words);
    }
    final long[] bitmap = this.bitmap;
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int drawn = BatchRandom.bounded(key, i, j + 1);
      if ((bitmap[drawn >>> 6] & 1L << drawn) != 0) {
        drawn = j;
      }
      bitmap[drawn >>> 6] |= 1L << drawn;
      out[from + i] = offset + drawn;
    }
    for (int p = from; p < from + k; p++) {
      bitmap[(int) ((out[p] - offset) >>> 6)] = 0;
    }
  }
}
