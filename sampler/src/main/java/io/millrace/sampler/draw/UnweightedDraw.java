package io.millrace.sampler.draw;

/** Draws whose law knows nothing of an edge but its rank. */
abstract sealed class UnweightedDraw extends RowDraw
    permits DistinctDraw, RepeatedDraw, LatestDraw {
  /**
   * Draws from the ranks that are left, numbered without gaps, and then moves each past the
   * excluded ranks up to it.
   */
  @Override
  public final int drawExcept(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    int count = draw(key, n - excluded.count(), k, offset, out, from);
    for (int p = from; p < from + count; p++) {
      out[p] = offset + excluded.skip((int) (out[p] - offset));
    }
    return count;
  }
}
