package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The sampler as one would write it without a thought for speed: a node at a time, with
 * collections. It shares the random numbers with the real one, and nothing else.
 */
public final class ReferenceSampler {
  /** One hop: each destination's sources, local ids. */
  public record Hop(int numDst, int numSrc, List<List<Integer>> rows) {}

  public record Batch(List<Integer> nodes, List<Hop> hops) {}

  private ReferenceSampler() {}

  public static Batch sample(
      CsrGraph graph, Fanout fanout, Draw draw, int[] seeds, long batchSeed) {
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
        for (int position : draw(key, graph.degree(node), fanout.at(hop), draw)) {
          int neighbor = graph.neighbor(graph.rowStart(node) + position);
          localIds.putIfAbsent(neighbor, localIds.size());
          row.add(localIds.get(neighbor));
        }
        rows.add(row);
      }
      hops.add(new Hop(destinations.size(), localIds.size(), rows));
    }
    return new Batch(List.copyOf(localIds.keySet()), hops);
  }

  private static Collection<Integer> draw(long key, int degree, int fanout, Draw draw) {
    if (draw instanceof Draw.WithReplacement && fanout != Fanout.ALL) {
      int count = degree == 0 ? 0 : fanout;
      return IntStream.range(0, count).mapToObj(i -> BatchRandom.bounded(key, i, degree)).toList();
    }
    int count = fanout == Fanout.ALL ? degree : Math.min(degree, fanout);
    Set<Integer> drawn = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      int last = degree - count + i;
      int number = count == degree ? i : BatchRandom.bounded(key, i, last + 1);
      if (!drawn.add(number)) {
        drawn.add(last);
      }
    }
    return drawn;
  }
}
