package io.millrace.sampler;

import io.millrace.sampler.draw.ExcludedRanks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The sampled neighbourhood of some seeds: its nodes, and one bipartite graph per hop.
 *
 * <p>Local ids {@code 0 .. numSeeds - 1} are the seeds, in the order given, each once; the new
 * nodes of each hop follow. Layers count from the input: layer 0 is the outermost hop, the last
 * layer's destinations are the seeds, and each layer's destinations are the next layer's sources.
 *
 * <p>All arrays belong to the {@link NeighborSampler} and may be longer than their used part. The
 * batch is valid until the sampler's next call.
 */
public final class SampledBatch {
  private final NodeIdMap map;
  private final List<MfgLayer> byHop = new ArrayList<>();
  private int numHops;
  private int numSeeds;
  private int[] seedLocalIds = {};
  private ExcludedRanks excluded = new ExcludedRanks();

  SampledBatch(NodeIdMap map) {
    this.map = map;
  }

  /** The number of distinct seeds. */
  public int numSeeds() {
    return numSeeds;
  }

  /** The number of distinct nodes, the seeds included. */
  public int numNodes() {
    return map.size();
  }

  /** The global id of every local id; the first {@link #numNodes} are used. */
  public int[] nodes() {
    return map.nodes();
  }

  /** Whether the batch's nodes are looked at at a time. */
  public boolean hasTimes() {
    return map instanceof EntryIdMap;
  }

  /**
   * The time of every local id; the first {@link #numNodes} are used. A node that is looked at at
   * two times has two local ids.
   *
   * @throws IllegalStateException if the sampler was not given times, see {@link
   *     SamplerBuilder#times}
   */
  public long[] times() {
    if (map instanceof EntryIdMap entries) {
      return entries.times();
    }
    throw new IllegalStateException("the sampler was not given times");
  }

  /** The local id of each seed as it was given: 0, 1, 2, ... unless a seed was given twice. */
  public int[] seedLocalIds() {
    return seedLocalIds;
  }

  /** The edges that the batch was sampled without, by local id: its nodes' degrees lack them. */
  public ExcludedRanks excluded() {
    return excluded;
  }

  public int numLayers() {
    return numHops;
  }

  /**
   * @param layer from 0, at the input, to {@code numLayers - 1}, at the seeds
   */
  public MfgLayer layer(int layer) {
    return hop(numHops - Objects.checkIndex(layer, numHops));
  }

  /** The sum over all layers. */
  public long numEdges() {
    long edges = 0;
    for (int hop = 1; hop <= numHops; hop++) {
      edges += hop(hop).numEdges();
    }
    return edges;
  }

  void begin(int numHops, ExcludedRanks excluded) {
    this.excluded = excluded;
    while (byHop.size() < numHops) {
      byHop.add(new MfgLayer());
    }
    this.numHops = numHops;
  }

  MfgLayer hop(int hop) {
    return byHop.get(hop - 1);
  }

  void setSeeds(int[] localIds) {
    seedLocalIds = localIds;
    numSeeds = map.size();
  }
}
