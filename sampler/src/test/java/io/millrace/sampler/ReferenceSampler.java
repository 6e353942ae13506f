package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.ReferenceDraw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sampler as one would write it without a thought for speed: a node at a time, with
 * collections. It shares the random numbers with the real one, and nothing else.
 */
public final class ReferenceSampler {
  /** One hop: each destination's sources, local ids; its edges' positions and scales. */
  public record Hop(
      int numDst, int numSrc, List<List<Integer>> rows, List<Long> positions, List<Float> scale) {}

  public record Batch(List<Integer> nodes, List<Hop> hops) {}

  private ReferenceSampler() {}

  /**
   * @param excluded ranks that are left out, by local id
   */
  public static Batch sample(
      ReferenceDraw draw,
      Fanout fanout,
      int[] seeds,
      long batchSeed,
      Map<Integer, Set<Integer>> excluded) {
    CsrGraph graph = draw.graph();
    Map<Integer, Integer> localIds = new LinkedHashMap<>();
    for (int seed : seeds) {
      localIds.putIfAbsent(seed, localIds.size());
    }
    List<Hop> hops = new ArrayList<>();
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      List<Integer> destinations = List.copyOf(localIds.keySet());
      Hop result =
          new Hop(destinations.size(), 0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < destinations.size(); i++) {
        int node = destinations.get(i);
        List<Integer> row = new ArrayList<>();
        for (ReferenceDraw.Edge edge :
            draw.row(node, fanout.at(hop), batchSeed, hop, excluded.getOrDefault(i, Set.of()))) {
          long position = graph.rowStart(node) + edge.rank();
          int neighbor = graph.neighbor(position);
          localIds.putIfAbsent(neighbor, localIds.size());
          row.add(localIds.get(neighbor));
          result.positions.add(position);
          result.scale.add(edge.scale());
        }
        result.rows.add(row);
      }
      hops.add(
          new Hop(result.numDst, localIds.size(), result.rows, result.positions, result.scale));
    }
    return new Batch(List.copyOf(localIds.keySet()), hops);
  }
}
