package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ReferenceDraw;
import io.millrace.sampler.draw.TimeRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The sampling of nodes at a time as one would write it without a thought for speed. */
final class ReferenceTimedSampler {
  record Entry(int node, long time) {}

  /** One hop: each destination's sources, local ids, and its edges' positions. */
  record Hop(List<List<Integer>> rows, List<Long> positions) {}

  record Batch(List<Entry> entries, List<Hop> hops) {}

  private ReferenceTimedSampler() {}

  static Batch sample(
      ReferenceDraw draw,
      long[] edgeTimes,
      TimeRule rule,
      Fanout fanout,
      int[] seeds,
      long[] times,
      long batchSeed) {
    CsrGraph graph = draw.graph();
    Map<Entry, Integer> localIds = new LinkedHashMap<>();
    for (int i = 0; i < seeds.length; i++) {
      localIds.putIfAbsent(new Entry(seeds[i], times[i]), localIds.size());
    }
    List<Hop> hops = new ArrayList<>();
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      Hop result = new Hop(new ArrayList<>(), new ArrayList<>());
      for (Entry entry : List.copyOf(localIds.keySet())) {
        long start = graph.rowStart(entry.node);
        Set<Integer> excluded =
            IntStream.range(0, graph.degree(entry.node))
                .filter(rank -> !counts(rule, edgeTimes[(int) start + rank], entry.time))
                .boxed()
                .collect(Collectors.toSet());
        long key = BatchRandom.key(BatchRandom.key(batchSeed, hop), entry.node);
        key = BatchRandom.key(BatchRandom.key(key, (int) entry.time), (int) (entry.time >> 32));
        List<Integer> row = new ArrayList<>();
        for (ReferenceDraw.Edge edge :
            draw.row(key, entry.node, fanout.at(hop), batchSeed, hop, excluded)) {
          long position = start + edge.rank();
          boolean ofEdge = rule.sources() == TimeRule.Sources.EDGE;
          long time = ofEdge ? edgeTimes[(int) position] : entry.time;
          Entry source = new Entry(graph.neighbor(position), time);
          localIds.putIfAbsent(source, localIds.size());
          row.add(localIds.get(source));
          result.positions.add(position);
        }
        result.rows.add(row);
      }
      hops.add(result);
    }
    return new Batch(List.copyOf(localIds.keySet()), hops);
  }

  private static boolean counts(TimeRule rule, long edgeTime, long time) {
    if (time == TimeRule.NO_LIMIT) {
      return true;
    }
    boolean soonEnough = rule.until() ? edgeTime <= time : edgeTime < time;
    boolean lateEnough = rule.window().isEmpty() || edgeTime >= time - rule.window().getAsLong();
    return soonEnough && lateEnough;
  }
}
