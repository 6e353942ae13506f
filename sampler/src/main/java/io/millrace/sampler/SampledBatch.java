package io.millrace.sampler;

/**
 * The sampled neighbourhood of some seeds: which nodes take part, and one bipartite graph per hop.
 *
 * <p>Local ids {@code 0 .. numSeeds - 1} are the seeds, in the order given, each once; the new
 * nodes of each hop follow. Layers count from the input: layer 0 is the outermost hop, the last
 * layer's destinations are the seeds, and each layer's destinations are the next layer's sources.
 *
 * <p>All arrays belong to the sampler and may be longer than what is used. The batch is valid until
 * the sampler's next call. The next class to read is {@link NeighborSampler}.
 */
public final class SampledBatch {
  private final NodeIdMap map;
  private final MfgLayer[] byHop;
  private int numSeeds;
  private int[] seedLocalIds = {};

  SampledBatch(NodeIdMap map, int numHops) {
    this.map = map;
    byHop = new MfgLayer[numHops];
    for (int i = 0; i < numHops; i++) {
      byHop[i] = new MfgLayer();
    }
  }

  /** Distinct seeds. */
  public int numSeeds() {
    return numSeeds;
  }

  /** Distinct nodes, the seeds included. */
  public int numNodes() {
    return map.size();
  }

  /** The global id of every local id, used up to {@link #numNodes}. */
  public int[] nodes() {
    return map.nodes();
  }

  /** The local id of each seed as it was given: 0, 1, 2, ... unless a seed was given twice. */
  public int[] seedLocalIds() {
    return seedLocalIds;
  }

  public int numLayers() {
    return byHop.length;
  }

  /**
   * @param layer from 0, at the input, to {@code numLayers - 1}, at the seeds
   */
  public MfgLayer layer(int layer) {
    return byHop[byHop.length - 1 - layer];
  }

  /** All layers' edges. */
  public long numEdges() {
    long edges = 0;
    for (MfgLayer layer : byHop) {
      edges += layer.numEdges();
    }
    return edges;
  }

  MfgLayer hop(int hop) {
    return byHop[hop - 1];
  }

  void setSeeds(int[] localIds) {
    seedLocalIds = localIds;
    numSeeds = map.size();
  }
}
