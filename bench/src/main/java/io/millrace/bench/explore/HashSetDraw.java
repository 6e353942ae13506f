package io.millrace.bench.explore;

import io.millrace.sampler.draw.BatchRandom;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;

/** A hash set of fastutil, reused. */
final class HashSetDraw extends Draw {
  private final IntOpenHashSet set = new IntOpenHashSet();

  @Override
  void drawSome(long key, int n, int k, long offset, long[] out, int from) {
    set.clear();
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int drawn = BatchRandom.bounded(key, i, j + 1);
      if (!set.add(drawn)) {
        drawn = j;
        set.add(j);
      }
      out[from + i] = offset + drawn;
    }
  }
}
