package io.millrace.sampler.draw;

/** Takes the last edges of a row, in row order: the latest where rows are by time. Stateless. */
final class LatestDraw extends UnweightedDraw {
  @Override
  public int limit(int degree, int fanout) {
    return Math.min(degree, fanout);
  }

  @Override
  public int draw(long key, int n, int fanout, long offset, long[] out, int from) {
    int k = Math.min(n, fanout);
    for (int i = 0; i < k; i++) {
      out[from + i] = offset + n - k + i;
    }
    return k;
  }
}
