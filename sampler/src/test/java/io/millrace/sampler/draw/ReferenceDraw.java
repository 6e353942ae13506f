package io.millrace.sampler.draw;

import io.millrace.datasets.CsrGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The draws as one would write them without a thought for speed: every key of a row, sorted. It
 * shares the random numbers with the real ones, and nothing else.
 *
 * @param weights by edge position; empty for draws that need none
 */
public record ReferenceDraw(CsrGraph graph, float[] weights, Draw draw) {
  /** An edge drawn: its rank and its scale. */
  public record Edge(int rank, float scale) {}

  /**
   * @param fanout -1: all
   * @param excluded ranks that are left out
   */
  public List<Edge> row(int node, int fanout, long batchSeed, int hop, Set<Integer> excluded) {
    long key = BatchRandom.key(BatchRandom.key(batchSeed, hop), node);
    return row(key, node, fanout, batchSeed, hop, excluded);
  }

  /** As the other, with the key of the draws. */
  public List<Edge> row(
      long key, int node, int fanout, long batchSeed, int hop, Set<Integer> excluded) {
    List<Integer> eligible =
        IntStream.range(0, graph.degree(node))
            .filter(rank -> !excluded.contains(rank))
            .filter(rank -> !draw.needsWeights() || weight(node, rank) > 0)
            .boxed()
            .toList();
    if (fanout < 0) {
      return eligible.stream().map(rank -> new Edge(rank, weight(node, rank))).toList();
    }
    return switch (draw) {
      case Draw.Uniform() -> floyd(key, fanout, eligible);
      case Draw.WithReplacement() ->
          eligible.isEmpty()
              ? List.of()
              : IntStream.range(0, fanout)
                  .map(i -> eligible.get(BatchRandom.bounded(key, i, eligible.size())))
                  .mapToObj(rank -> new Edge(rank, 0))
                  .toList();
      case Draw.Weighted(_) ->
          smallest(
              eligible,
              fanout,
              node,
              rank ->
                  -StrictMath.log(BatchRandom.unit(BatchRandom.bits(key, rank)))
                      / weight(node, rank));
      case Draw.Labor(boolean dependent) -> {
        long hopKey = BatchRandom.key(BatchRandom.key(batchSeed, -2), dependent ? 0 : hop);
        yield smallest(
            eligible,
            fanout,
            node,
            rank -> BatchRandom.unit(BatchRandom.bits(hopKey, source(node, rank))));
      }
      case Draw.Latest() -> {
        int out = Math.max(0, eligible.size() - fanout);
        yield eligible.stream().skip(out).map(rank -> new Edge(rank, 0)).toList();
      }
      case Draw.WeightedWithReplacement() ->
          throw new IllegalArgumentException("alias tables are tested by their law");
    };
  }

  private static List<Edge> floyd(long key, int fanout, List<Integer> eligible) {
    int n = eligible.size();
    int k = Math.min(n, fanout);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      int j = n - k + i;
      int t = k == n ? i : BatchRandom.bounded(key, i, j + 1);
      drawn.add(drawn.contains(t) ? j : t);
    }
    return drawn.stream().map(i -> new Edge(eligible.get(i), 0)).toList();
  }

  private interface Key {
    double of(int rank);
  }

  private List<Edge> smallest(List<Integer> eligible, int k, int node, Key key) {
    List<Integer> sorted =
        eligible.stream().sorted(Comparator.<Integer>comparingDouble(key::of)).toList();
    double firstOut = k < sorted.size() ? key.of(sorted.get(k)) : Double.POSITIVE_INFINITY;
    return sorted.stream()
        .limit(k)
        .sorted()
        .map(rank -> new Edge(rank, scale(weight(node, rank), firstOut)))
        .toList();
  }

  private static float scale(double weight, double firstOut) {
    return (float)
        (firstOut == Double.POSITIVE_INFINITY
            ? weight
            : weight / -StrictMath.expm1(-weight * firstOut));
  }

  private float weight(int node, int rank) {
    return weights.length == 0 ? 0 : weights[(int) graph.rowStart(node) + rank];
  }

  private int source(int node, int rank) {
    return graph.neighbor(graph.rowStart(node) + rank);
  }
}
