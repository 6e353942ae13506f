package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;

/** Looks through all that is drawn. */
final class ScanDraw extends Draw {
  @Override
  void drawSome(long key, int n, int k, long offset, long[] out, int from) {
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      long drawn = offset + BatchRandom.bounded(key, i, j + 1);
      out[from + i] = contains(out, from, from + i, drawn) ? offset + j : drawn;
    }
  }

  static boolean contains(long[] out, int from, int to, long value) {
    for (int p = from; p < to; p++) {
      if (out[p] == value) {
        return true;
      }
    }
    return false;
  }
}
