package io.millrace.sampler;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.CsrGraph;
import java.lang.foreign.MemorySegment;

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

  private final CsrGraph graph;
  private final Fanout fanout;
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
    graph = builder.graph;
    fanout = builder.fanout;
    rowDraw = RowDraw.of(builder.draw);
    idMap = builder.idMap.resolve(graph.numNodes(), builder.idMapBytes());
    map =
        idMap == IdMapKind.FLAT_HASH
            ? new FlatHashIdMap(1)
            : new DirectAddressIdMap(graph.numNodes(), 1);
    batch = new SampledBatch(map);
  }

  /** A sampler that draws uniformly, with the id map that suits the graph. */
  public static NeighborSampler of(CsrGraph graph, Fanout fanout) {
    return builder(graph, fanout).build();
  }

  public static Builder builder(CsrGraph graph, Fanout fanout) {
    return new Builder(graph, fanout);
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
   */
  public SampledBatch sample(int[] seeds, Fanout fanout, long batchSeed) {
    map.clear();
    batch.begin(fanout.numHops());
    addSeeds(seeds);
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      sampleHop(hop, fanout.at(hop), BatchRandom.key(batchSeed, hop));
    }
    return batch;
  }

  private void addSeeds(int[] seeds) {
    for (int seed : seeds) {
      if (seed < 0 || seed >= graph.numNodes()) {
        throw BadInputException.of("seed out of range", "seed", seed, "numNodes", graph.numNodes());
      }
    }
    int[] localIds =
        batch.seedLocalIds().length == seeds.length ? batch.seedLocalIds() : new int[seeds.length];
    map.assign(seeds, seeds.length, localIds, 0);
    batch.setSeeds(localIds);
  }

  private void sampleHop(int hop, int fanout, long hopKey) {
    MfgLayer layer = batch.hop(hop);
    int numDst = map.size();
    layer.begin(numDst);
    int numEdges = 0;
    int end;
    for (int begin = 0; begin < numDst; begin = end) {
      end = Math.min(begin + CHUNK_NODES, numDst);
      readRowBounds(begin, end);
      end = drawPositions(begin, end, hopKey, fanout, numEdges, layer.indptr());
      int chunkEdges = layer.indptr()[end] - numEdges;
      gatherNeighbors(chunkEdges);
      int[] indices = layer.ensureEdges(numEdges + chunkEdges);
      map.assign(neighbors, chunkEdges, indices, numEdges);
      numEdges += chunkEdges;
    }
    layer.end(map.size());
  }

  private void readRowBounds(int begin, int end) {
    final int[] nodes = map.nodes();
    final MemorySegment indptr = graph.indptr();
    final long[] rowStarts = this.rowStarts;
    final long[] rowLengths = this.rowLengths;
    for (int i = begin; i < end; i++) {
      long node = nodes[i];
      long rowStart = indptr.getAtIndex(JAVA_LONG, node);
      rowStarts[i - begin] = rowStart;
      rowLengths[i - begin] = indptr.getAtIndex(JAVA_LONG, node + 1) - rowStart;
    }
    checkRowBounds(begin, end);
  }

  /**
   * A separate loop, like {@link #checkNeighbors}: the fewer instructions lie between two reads
   * that miss the cache, the more such reads the processor executes at a time.
   */
  private void checkRowBounds(int begin, int end) {
    final long[] rowStarts = this.rowStarts;
    final long[] rowLengths = this.rowLengths;
    final long numEdges = graph.numEdges();
    long outOfRange = 0; // negative if any of its parts is
    for (int i = 0; i < end - begin; i++) {
      long start = rowStarts[i];
      long length = rowLengths[i];
      outOfRange |= start | length | Integer.MAX_VALUE - length | numEdges - start - length;
    }
    if (outOfRange < 0) {
      rejectRowBounds(begin, end);
    }
  }

  private void rejectRowBounds(int begin, int end) {
    for (int i = begin; i < end; i++) {
      int node = map.nodes()[i];
      long rowStart = graph.rowStart(node);
      long rowEnd = graph.rowStart(node + 1);
      if (rowStart < 0
          || rowEnd < rowStart
          || rowEnd - rowStart > Integer.MAX_VALUE
          || rowEnd > graph.numEdges()) {
        throw BadInputException.of(
            "row bounds out of range",
            "node",
            node,
            "start",
            rowStart,
            "end",
            rowEnd,
            "numEdges",
            graph.numEdges());
      }
    }
  }

  /**
   * Draws the edge positions of the destinations from {@code begin} on, until {@code end} or until
   * the chunk is full.
   *
   * @return the end of the destinations that are done, at least {@code begin + 1}
   */
  private int drawPositions(
      int begin, int end, long hopKey, int fanout, int numEdges, int[] rowEnds) {
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
        growChunk(count);
      }
      long key = BatchRandom.key(hopKey, nodes[i]);
      draw.draw(key, degree, count, rowStarts[i - begin], positions, used);
      used += count;
      rowEnds[i + 1] = MfgLayer.requireEdges((long) numEdges + used);
    }
    return end;
  }

  private void gatherNeighbors(int count) {
    final MemorySegment indices = graph.indices();
    final long[] positions = this.positions;
    final int[] neighbors = this.neighbors;
    for (int i = 0; i < count; i++) {
      neighbors[i] = indices.getAtIndex(JAVA_INT, positions[i]);
    }
    checkNeighbors(count);
  }

  private void checkNeighbors(int count) {
    final int[] neighbors = this.neighbors;
    final int lastNode = graph.numNodes() - 1;
    int outOfRange = 0; // negative if any of its parts is
    for (int i = 0; i < count; i++) {
      outOfRange |= neighbors[i] | lastNode - neighbors[i];
    }
    if (outOfRange < 0) {
      rejectOutOfRange(count);
    }
  }

  private void rejectOutOfRange(int count) {
    for (int i = 0; i < count; i++) {
      if (neighbors[i] < 0 || neighbors[i] >= graph.numNodes()) {
        throw BadInputException.of(
            "neighbour id out of range",
            "position",
            positions[i],
            "id",
            neighbors[i],
            "numNodes",
            graph.numNodes());
      }
    }
  }

  /** Makes room for a single row that is longer than a chunk. */
  private void growChunk(int count) {
    long[] longer = new long[count];
    neighbors = new int[count];
    positions = longer; // last, so that running out of memory leaves both unchanged
  }

  /** Settings of a sampler; all but graph and fanout have a default. */
  public static final class Builder {
    private final CsrGraph graph;
    private final Fanout fanout;
    private Draw draw = Draw.uniform();
    private IdMapKind idMap = IdMapKind.AUTO;
    private int numSamplers = 1;

    private Builder(CsrGraph graph, Fanout fanout) {
      this.graph = graph;
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

    private long idMapBytes() {
      return Runtime.getRuntime().maxMemory() / 8 / numSamplers;
    }

    public NeighborSampler build() {
      return new NeighborSampler(this);
    }
  }
}
