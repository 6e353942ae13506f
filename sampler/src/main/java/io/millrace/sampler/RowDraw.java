package io.millrace.sampler;

/**
 * Draws positions in one row of the graph: what a {@link Draw} does, with the scratch that it
 * needs. One per thread; held by the {@link NeighborSampler}.
 */
sealed interface RowDraw permits DistinctDraw, RepeatedDraw {
  static RowDraw of(Draw draw) {
    return switch (draw) {
      case Draw.Uniform() -> new DistinctDraw();
      case Draw.WithReplacement() -> new RepeatedDraw();
    };
  }

  /**
   * The number of neighbours that a row gives.
   *
   * @param degree the length of the row
   * @param fanout the number of neighbours to draw, at least 1
   */
  int count(int degree, int fanout);

  /**
   * Draws {@code k} numbers from {@code [0, n)} and writes each to {@code out}, as {@code offset +
   * number}, in no particular order.
   *
   * @param key the key of the draws, see {@link BatchRandom}
   * @param n the length of the row
   * @param k as {@link #count} returns it
   */
  void draw(long key, int n, int k, long offset, long[] out, int from);
}
