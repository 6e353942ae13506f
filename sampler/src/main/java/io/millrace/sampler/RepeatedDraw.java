package io.millrace.sampler;

/** Draws with replacement. Stateless. */
final class RepeatedDraw implements RowDraw {
  @Override
  public int count(int degree, int fanout) {
    return degree == 0 ? 0 : fanout;
  }

  @Override
  public void draw(long key, int n, int k, long offset, long[] out, int from) {
    for (int i = 0; i < k; i++) {
      out[from + i] = offset + BatchRandom.bounded(key, i, n);
    }
  }
}
