package io.millrace.sampler.draw;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import java.util.Optional;

/**
 * Draws edges in one row of the graph: what a {@link Draw} does, with the scratch that it needs.
 *
 * <p>The numbers drawn are ranks: the place of an edge in its row, from 0. Each is written as its
 * position in the graph's {@code indices}, the row's start plus the rank. One per thread; held by
 * the sampler.
 */
@Internal
public abstract sealed class RowDraw permits UnweightedDraw, BottomKDraw, AliasDraw {
  /** The kernel of a draw, for hops whose fanout is a number. */
  public static RowDraw of(Draw draw, Optional<CsrGraph> graph, Optional<EdgeWeights> weights) {
    return switch (draw) {
      case Draw.Uniform() -> new DistinctDraw();
      case Draw.WithReplacement() -> new RepeatedDraw();
      case Draw.Latest() -> new LatestDraw();
      case Draw.Weighted(boolean estimate) ->
          new WeightedDraw(require(weights, draw), estimate, true);
      case Draw.WeightedWithReplacement() -> new AliasDraw(require(weights, draw));
      case Draw.Labor(boolean layerDependent) ->
          new LaborDraw(requireGraph(graph, draw).indices(), layerDependent);
    };
  }

  /**
   * The kernel of a draw from parts of rows.
   *
   * @throws BadInputException if the draw works on whole rows only
   */
  public static RowDraw ofParts(Draw draw, Optional<EdgeWeights> weights) {
    return switch (draw) {
      case Draw.Weighted(boolean estimate) ->
          new WeightedDraw(require(weights, draw), estimate, false);
      case Draw.WeightedWithReplacement(), Draw.Labor(_) ->
          throw BadInputException.of("this draw does not go with times", "draw", draw);
      case Draw.Uniform(), Draw.WithReplacement(), Draw.Latest() ->
          of(draw, Optional.empty(), weights);
    };
  }

  /** The kernel of a draw that takes every edge of a row, once and in row order. */
  public static RowDraw wholeRows(Draw draw, Optional<EdgeWeights> weights) {
    return draw.needsWeights()
        ? new WeightedDraw(require(weights, draw), draw.hasScale(), false)
        : new DistinctDraw();
  }

  /** The kernel that takes every stored edge of a row, whatever its weight. */
  public static RowDraw storedRows() {
    return new DistinctDraw();
  }

  private static CsrGraph requireGraph(Optional<CsrGraph> graph, Draw draw) {
    return graph.orElseThrow(
        () -> BadInputException.of("this draw reads the rows of one graph", "draw", draw));
  }

  private static EdgeWeights require(Optional<EdgeWeights> weights, Draw draw) {
    return weights.orElseThrow(
        () -> BadInputException.of("draws by weight need edge weights", "draw", draw));
  }

  /** Whether random numbers count by rank in the whole row. */
  public boolean countsRanks() {
    return false;
  }

  /** A hop of a batch begins. */
  public void begin(long batchSeed, int hop) {}

  /**
   * Shortens rows of which nothing can be drawn to length 0.
   *
   * @param nodes the rows; those from {@code begin} to {@code end}
   * @param rowLengths their lengths, from index 0 on
   */
  public void narrow(int[] nodes, int begin, int end, long[] rowLengths) {}

  /**
   * Reads what the draws from some rows will read, so that the cache misses of all rows overlap.
   *
   * @param hopKey the parent of the keys of whole rows
   * @param nodes the rows; those from {@code begin} to {@code end}
   * @param rowStarts the positions of their first edges, from index 0 on
   * @param rowLengths their lengths, from index 0 on
   * @param k the fanout
   */
  public void readAhead(
      long hopKey, int[] nodes, int begin, int end, long[] rowStarts, long[] rowLengths, int k) {}

  /**
   * The most edges that a row gives.
   *
   * @param degree the length of the row
   * @param fanout the number of edges to draw, at least 1
   */
  public abstract int limit(int degree, int fanout);

  /**
   * Draws up to {@code k} ranks from {@code [0, n)} and writes each to {@code out}, as {@code
   * offset + rank}. The order is deterministic; whole rows are in row order.
   *
   * @param key the key of the draws, see {@link BatchRandom}
   * @param n the length of the row
   * @param k the fanout, or {@code Integer.MAX_VALUE} for whole rows
   * @return the number of edges, at most {@link #limit}
   */
  public abstract int draw(long key, int n, int k, long offset, long[] out, int from);

  /**
   * As {@link #draw}, from a row without the excluded ranks: by the same law as if the row did not
   * have them.
   */
  public abstract int drawExcept(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from);

  /** Completes the positions of a chunk, after the last of its draws. */
  public void complete(long[] positions, int count) {}

  /**
   * The scale of each edge of the last draw, for draws that {@link Draw#hasScale}.
   *
   * @param positions where that draw has written, from {@code from} to {@code to}
   * @param scale receives the values at the same indices
   */
  public void scale(long[] positions, int from, int to, float[] scale) {
    throw new IllegalStateException("this draw has no scale");
  }
}
