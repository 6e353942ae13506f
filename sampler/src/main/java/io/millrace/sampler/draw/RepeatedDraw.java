package io.millrace.sampler.draw;

/** Draws with replacement. Stateless. */
final class RepeatedDraw extends UnweightedDraw {
  @Override
  public int limit(int degree, int fanout) {
    return degree == 0 ? 0 : fanout;
  }

  @Override
  public int draw(long key, int n, int k, long offset, long[] out, int from) {
    if (n == 0) {
      return 0;
    }
    for (int i = 0; i < k; i++) {
      out[from + i] = offset + BatchRandom.bounded(key, i, n);
    }
    return k;
  }
}
