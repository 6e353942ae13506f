package io.millrace.bench;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.BatchRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sampler as plain as can be, with collections; shares the random numbers and nothing else. */
public final class ReferenceSampler implements BatchSampler {
  private final CsrGraph graph;
  private final int[] fanout;
  private Map<Integer, Integer> localIds;
  private List<Integer> layers; // per hop: number of destinations, indptr, indices
  private long numEdges;

  public ReferenceSampler(CsrGraph graph, int... fanout) {
    this.graph = graph;
    this.fanout = fanout;
  }

  @Override
  public void sample(int[] seeds, long batchSeed) {
    localIds = new LinkedHashMap<>();
    layers = new ArrayList<>();
    numEdges = 0;
    for (int seed : seeds) {
      localIds.putIfAbsent(seed, localIds.size());
    }
    for (int hop = 1; hop <= fanout.length; hop++) {
      List<Integer> destinations = List.copyOf(localIds.keySet());
      List<Integer> indptr = new ArrayList<>(List.of(0));
      List<Integer> indices = new ArrayList<>();
      for (int node : destinations) {
        long key = BatchRandom.key(BatchRandom.key(batchSeed, hop), node);
        for (int position : draw(key, graph.degree(node), fanout[hop - 1])) {
          int neighbor = graph.neighbor(graph.rowStart(node) + position);
          localIds.putIfAbsent(neighbor, localIds.size());
          indices.add(localIds.get(neighbor));
        }
        indptr.add(indices.size());
      }
      layers.add(destinations.size());
      layers.addAll(indptr);
      layers.addAll(indices);
      numEdges += indices.size();
    }
  }

  private static Set<Integer> draw(long key, int degree, int fanout) {
    int count = fanout < 0 ? degree : Math.min(degree, fanout);
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

  @Override
  public int numNodes() {
    return localIds.size();
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public long digest() {
    BatchDigest digest = new BatchDigest().add(localIds.size());
    localIds.keySet().forEach(digest::add);
    layers.forEach(digest::add);
    return digest.value();
  }
}
