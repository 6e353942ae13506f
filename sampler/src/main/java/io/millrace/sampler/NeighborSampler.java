package io.millrace.sampler;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.CsrGraph;

/**
 * Samples neighbourhoods (Hamilton, Ying, Leskovec: "Inductive representation learning on large
 * graphs", NIPS 2017, algorithm 2): from some seeds, hop by hop, up to {@code fanout} neighbours of
 * every node found so far.
 *
 * <p>To give a neighbour its local id, the sampler reads row bounds, neighbour id and map entry;
 * each read may miss the cache and depends on the one before. The sampler therefore works on chunks
 * of destinations and takes the whole chunk through one step before the next, in a tight loop per
 * step, so that the misses of a step overlap.
 *
 * <p>A batch is a function of (graph, fanout, seeds, batch seed): each draw is keyed by (batch
 * seed, hop, node), see {@link BatchRandom}. One sampler per thread; its scratch grows to the
 * largest batch and is reused, so a call does not allocate.
 *
 * <p>The result is a {@link SampledBatch}. Next class to read: {@code Slicer} of module slicing.
 */
public final class NeighborSampler {
  /** Destinations per chunk. */
  private static final int CHUNK_NODES = 512;

  /** Edges per chunk. A chunk ends before it exceeds this, unless its first row does. */
  private static final int CHUNK_EDGES = 1 << 13;

  private final AdjacencyRows rows;
  private final Fanout fanout;
  private final long maxEdges;
  private final RowDraw rowDraw;

  /** Takes whole rows, for {@link Fanout#ALL}. */
  private final DistinctDraw wholeRows = new DistinctDraw();

  private final IdMapKind idMap;
  private final NodeIdMap map;
  private final SampledBatch batch;

  private final long[] rowStarts = new long[CHUNK_NODES];
  private final long[] rowLengths = new long[CHUNK_NODES];
  private long[] positions = new long[CHUNK_EDGES];
  private int[] neighbors = new int[CHUNK_EDGES];

  private NeighborSampler(Builder builder) {
    rows = builder.rows;
    fanout = builder.fanout;
    maxEdges = builder.maxEdges;
    rowDraw = RowDraw.of(builder.draw);
    idMap = builder.idMap.resolve(rows.numNodes(), builder.idMapBytes());
    map =
        idMap == IdMapKind.FLAT_HASH
            ? new FlatHashIdMap(1)
            : new DirectAddressIdMap(rows.numNodes(), 1);
    batch = new SampledBatch(map);
  }

  /** A sampler that draws uniformly, with the id map that suits the graph. */
  public static NeighborSampler of(CsrGraph graph, Fanout fanout) {
    return builder(graph, fanout).build();
  }

  public static Builder builder(CsrGraph graph, Fanout fanout) {
    return builder(new CsrRows(graph), fanout);
  }

  /**
   * A sampler of a graph that is not one {@link CsrGraph}.
   *
   * @param rows used by this sampler alone
   */
  public static Builder builder(AdjacencyRows rows, Fanout fanout) {
    return new Builder(rows, fanout);
  }

  /** The id map in use: never {@link IdMapKind#AUTO}. */
  public IdMapKind idMap() {
    return idMap;
  }

  /** Samples with the sampler's own fanout; see {@link #sample(int[], Fanout, long)}. */
  public SampledBatch sample(int[] seeds, long batchSeed) {
    return sample(seeds, fanout, batchSeed);
  }

  /**
   * @param seeds global ids; one given twice counts once, see {@link SampledBatch#seedLocalIds}
   * @param batchSeed the random seed of the draws, see {@link BatchRandom#batchSeed}
   * @return valid until the next call
   * @throws LargeNeighborhoodException if there are more edges than {@link Builder#maxEdges}
   */
  public SampledBatch sample(int[] seeds, Fanout fanout, long batchSeed) {
    map.clear();
    batch.begin(fanout.numHops());
    addSeeds(seeds);
    long edgesLeft = maxEdges;
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      edgesLeft -= sampleHop(hop, fanout.at(hop), BatchRandom.key(batchSeed, hop), edgesLeft);
    }
    return batch;
  }

  private void addSeeds(int[] seeds) {
    for (int seed : seeds) {
      if (seed < 0 || seed >= rows.numNodes()) {
        throw BadInputException.of("seed out of range", "seed", seed, "numNodes", rows.numNodes());
      }
    }
    int[] localIds =
        batch.seedLocalIds().length == seeds.length ? batch.seedLocalIds() : new int[seeds.length];
    map.assign(seeds, seeds.length, localIds, 0);
    batch.setSeeds(localIds);
  }

  /**
   * @param edgesLeft how many edges the hop may have
   * @return how many it has
   */
  private int sampleHop(int hop, int fanout, long hopKey, long edgesLeft) {
    MfgLayer layer = batch.hop(hop);
    int numDst = map.size();
    layer.begin(numDst);
    int numEdges = 0;
    int end;
    for (int begin = 0; begin < numDst; begin = end) {
      end = Math.min(begin + CHUNK_NODES, numDst);
      rows.bounds(map.nodes(), begin, end, rowStarts, rowLengths);
      end = drawPositions(begin, end, hopKey, fanout, numEdges, edgesLeft, layer.indptr());
      int chunkEdges = layer.indptr()[end] - numEdges;
      rows.neighbors(positions, chunkEdges, neighbors);
      requireEdgesLeft(edgesLeft - numEdges, chunkEdges);
      int[] indices = layer.ensureEdges(numEdges + chunkEdges);
      map.assign(neighbors, chunkEdges, indices, numEdges);
      numEdges += chunkEdges;
    }
    layer.end(map.size());
    return numEdges;
  }

  private void requireEdgesLeft(long edgesLeft, int more) {
    if (more > edgesLeft) {
      throw LargeNeighborhoodException.of(map.nodes()[0], batch.numSeeds(), maxEdges);
    }
  }

  /**
   * Draws the edge positions of the destinations from {@code begin} on, until {@code end} or until
   * the chunk is full.
   *
   * @return the end of the destinations that are done, at least {@code begin + 1}
   */
  private int drawPositions(
      int begin, int end, long hopKey, int fanout, int numEdges, long edgesLeft, int[] rowEnds) {
    final int[] nodes = map.nodes();
    final RowDraw draw = fanout == Fanout.ALL ? wholeRows : rowDraw;
    final int maxCount = fanout == Fanout.ALL ? Integer.MAX_VALUE : fanout;
    int used = 0;
    rowEnds[begin] = numEdges;
    for (int i = begin; i < end; i++) {
      int degree = (int) rowLengths[i - begin];
      int count = draw.count(degree, maxCount);
      if (used + (long) count > positions.length) {
        if (used > 0) {
          return i;
        }
        requireEdgesLeft(edgesLeft - numEdges, count); // before a long row takes memory
        growChunk(count);
      }
      long key = BatchRandom.key(hopKey, nodes[i]);
      draw.draw(key, degree, count, rowStarts[i - begin], positions, used);
      used += count;
      rowEnds[i + 1] = MfgLayer.requireEdges((long) numEdges + used);
    }
    return end;
  }

  /** Makes room for a single row that is longer than a chunk. */
  private void growChunk(int count) {
    long[] longer = new long[count];
    neighbors = new int[count];
    positions = longer; // last, so that running out of memory leaves both unchanged
  }

  /** Settings of a sampler; all but graph and fanout have a default. */
  public static final class Builder {
    private final AdjacencyRows rows;
    private final Fanout fanout;
    private long maxEdges = Long.MAX_VALUE;
    private Draw draw = Draw.uniform();
    private IdMapKind idMap = IdMapKind.AUTO;
    private int numSamplers = 1;

    private Builder(AdjacencyRows rows, Fanout fanout) {
      this.rows = rows;
      this.fanout = fanout;
    }

    /** By default {@link Draw#uniform}. */
    public Builder draw(Draw value) {
      draw = value;
      return this;
    }

    /** By default {@link IdMapKind#AUTO}. */
    public Builder idMap(IdMapKind value) {
      idMap = value;
      return this;
    }

    /**
     * How many samplers exist at the same time, this one included; 1 by default. With {@link
     * IdMapKind#AUTO} their direct-address maps together take at most an eighth of the Java heap.
     */
    public Builder samplers(int value) {
      numSamplers = Require.positive("samplers", value);
      return this;
    }

    /**
     * How many edges a batch may have over all hops; without limit by default. As each node but the
     * seeds comes through an edge, it limits the nodes, too.
     */
    public Builder maxEdges(long value) {
      maxEdges = value;
      return this;
    }

    private long idMapBytes() {
      return Runtime.getRuntime().maxMemory() / 8 / numSamplers;
    }

    public NeighborSampler build() {
      return new NeighborSampler(this);
    }
  }
}
