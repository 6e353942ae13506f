package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sampler as one would write it without a thought for speed: a node at a time, with
 * collections. It shares the draws with the real one, and nothing else.
 */
final class ReferenceSampler {
  /** One hop: each destination's sources, local ids. */
  record Hop(int numDst, int numSrc, List<List<Integer>> rows) {}

  record Batch(List<Integer> nodes, List<Hop> hops) {}

  static Batch sample(CsrGraph graph, Fanout fanout, Draw draw, int[] seeds, long batchSeed) {
    Map<Integer, Integer> localIds = new LinkedHashMap<>();
    for (int seed : seeds) {
      localIds.putIfAbsent(seed, localIds.size());
    }
    List<Hop> hops = new ArrayList<>();
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      List<Integer> destinations = List.copyOf(localIds.keySet());
      List<List<Integer>> rows = new ArrayList<>();
      for (int node : destinations) {
        long key = BatchRandom.key(BatchRandom.key(batchSeed, hop), node);
        List<Integer> row = new ArrayList<>();
        for (long position : draw(graph, node, fanout.at(hop), draw, key)) {
          int neighbor = graph.neighbor(position);
          localIds.putIfAbsent(neighbor, localIds.size());
          row.add(localIds.get(neighbor));
        }
        rows.add(row);
      }
      hops.add(new Hop(destinations.size(), localIds.size(), rows));
    }
    return new Batch(List.copyOf(localIds.keySet()), hops);
  }

  private static long[] draw(CsrGraph graph, int node, int fanout, Draw draw, long key) {
    int degree = graph.degree(node);
    boolean repeats = draw instanceof Draw.WithReplacement && fanout != Fanout.ALL && degree > 0;
    long[] positions =
        new long[repeats ? fanout : fanout == Fanout.ALL ? degree : Math.min(degree, fanout)];
    if (repeats) {
      for (int i = 0; i < fanout; i++) {
        positions[i] = graph.rowStart(node) + BatchRandom.bounded(key, i, degree);
      }
    } else {
      new DistinctDraw().draw(key, degree, positions.length, graph.rowStart(node), positions, 0);
    }
    return positions;
  }
}
