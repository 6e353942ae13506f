package io.millrace.sampler;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import io.millrace.sampler.draw.RowDraw;
import io.millrace.sampler.draw.TimeRule;
import java.util.Arrays;

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
 * seed, hop, node), see {@link BatchRandom}. With {@link SamplerBuilder#times} the batch consists
 * of entries, a node at a time, see {@link TimeRule}. One sampler per thread; its scratch grows to
 * the largest batch and is reused, so a call does not allocate.
 *
 * <p>The result is a {@link SampledBatch}. Next class to read: {@code Slicer} of module slicing.
 */
public final class NeighborSampler {
  /** Destinations per chunk. */
  private static final int CHUNK_NODES = 512;

  /** Edges per chunk. A chunk ends before it exceeds this, unless its first row does. */
  private static final int CHUNK_EDGES = 1 << 13;

  private static final ExcludedRanks NOTHING_EXCLUDED = new ExcludedRanks();

  private final AdjacencyRows rows;
  private final Fanout fanout;
  private final long maxEdges;
  private final RowDraw rowDraw;

  /** Takes whole rows, for {@link Fanout#ALL}. */
  private final RowDraw wholeRows;

  /** Takes whole rows where every hop does; the same, or with edges of weight 0. */
  private final RowDraw wholeGraph;

  private final boolean edgePositions;
  private final boolean hasScale;

  /** Null without times: a chunk asks once. */
  private final TimedRows timed;

  private final IdMapKind idMap;
  private final NodeIdMap map;
  private final SampledBatch batch;

  private final long[] rowStarts = new long[CHUNK_NODES];
  private final long[] rowLengths = new long[CHUNK_NODES];
  private final DrawnEdges edges = new DrawnEdges(CHUNK_EDGES);
  private float[] scale = {}; // as long as positions, if there is a scale

  NeighborSampler(SamplerBuilder builder) {
    rows = builder.rows;
    fanout = builder.fanout;
    maxEdges = builder.maxEdges;
    timed = builder.times.map(it -> new TimedRows(it, builder.timeRule, CHUNK_NODES)).orElse(null);
    rowDraw =
        timed == null
            ? RowDraw.of(builder.draw, builder.graph(), builder.weights)
            : RowDraw.ofParts(builder.draw, builder.weights);
    wholeRows = RowDraw.wholeRows(builder.draw, builder.weights);
    wholeGraph = builder.takesStoredEdges() ? RowDraw.storedRows() : wholeRows;
    edgePositions = builder.edgePositions;
    hasScale = builder.draw.hasScale();
    idMap =
        timed == null
            ? builder.idMap.resolve(rows.numNodes(), builder.idMapBytes())
            : IdMapKind.FLAT_HASH;
    map = timed == null ? newMap() : timed.map();
    batch = new SampledBatch(map);
  }

  private NodeIdMap newMap() {
    return idMap == IdMapKind.FLAT_HASH
        ? new FlatHashIdMap(1)
        : new DirectAddressIdMap(rows.numNodes(), 1);
  }

  /** A sampler that draws uniformly, with the id map that suits the graph. */
  public static NeighborSampler of(CsrGraph graph, Fanout fanout) {
    return builder(graph, fanout).build();
  }

  public static SamplerBuilder builder(CsrGraph graph, Fanout fanout) {
    return builder(new CsrRows(graph), fanout);
  }

  /**
   * A sampler of a graph that is not one {@link CsrGraph}.
   *
   * @param rows used by this sampler alone
   */
  public static SamplerBuilder builder(AdjacencyRows rows, Fanout fanout) {
    return new SamplerBuilder(rows, fanout);
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
   * @throws LargeNeighborhoodException if there are more edges than {@link SamplerBuilder#maxEdges}
   */
  public SampledBatch sample(int[] seeds, Fanout fanout, long batchSeed) {
    return sample(seeds, fanout, batchSeed, NOTHING_EXCLUDED);
  }

  /**
   * As {@link #sample(int[], Fanout, long)}, without some edges.
   *
   * @param excluded the edges that no hop uses, by local id; the seeds' local ids come first
   */
  public SampledBatch sample(int[] seeds, Fanout fanout, long batchSeed, ExcludedRanks excluded) {
    if (timed != null) {
      timed.seedsWithoutLimit(seeds.length);
    }
    return sampleHops(seeds, fanout, batchSeed, excluded);
  }

  /**
   * As {@link #sample(int[], Fanout, long)}, each seed at a time of its own.
   *
   * @param times of the seeds; {@link TimeRule#NO_LIMIT}: every edge counts
   * @throws BadInputException if the sampler was not given the times of edges
   */
  public SampledBatch sample(int[] seeds, long[] times, Fanout fanout, long batchSeed) {
    if (timed == null) {
      throw BadInputException.of(
          "seeds with times need a sampler with times of edges", "seeds", seeds.length);
    }
    timed.seeds(seeds, times);
    return sampleHops(seeds, fanout, batchSeed, NOTHING_EXCLUDED);
  }

  private SampledBatch sampleHops(
      int[] seeds, Fanout fanout, long batchSeed, ExcludedRanks excluded) {
    if (timed != null && excluded.numRows() > 0) {
      throw BadInputException.of(
          "a sampler with times excludes no edges", "rows", excluded.numRows());
    }
    map.clear();
    batch.begin(fanout.numHops(), excluded);
    addSeeds(seeds);
    RowDraw whole = fanout.isWholeGraph() ? wholeGraph : wholeRows;
    long edgesLeft = maxEdges;
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      RowDraw draw = fanout.at(hop) == Fanout.ALL ? whole : rowDraw;
      int count = fanout.at(hop) == Fanout.ALL ? Integer.MAX_VALUE : fanout.at(hop);
      long hopKey = BatchRandom.key(batchSeed, hop);
      draw.begin(batchSeed, hop);
      edgesLeft -= sampleHop(batch.hop(hop), draw, count, hopKey, edgesLeft, excluded);
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
  private int sampleHop(
      MfgLayer layer,
      RowDraw draw,
      int fanout,
      long hopKey,
      long edgesLeft,
      ExcludedRanks excluded) {
    int numDst = map.size();
    layer.begin(numDst, edgePositions, hasScale);
    int numEdges = 0;
    int end;
    for (int begin = 0; begin < numDst; begin = end) {
      end = Math.min(begin + CHUNK_NODES, numDst);
      rows.bounds(map.nodes(), begin, end, rowStarts, rowLengths);
      if (timed != null) {
        timed.narrow(begin, end, rowStarts, rowLengths);
        timed.keys(draw, hopKey, begin, end);
      }
      draw.narrow(map.nodes(), begin, end, rowLengths);
      draw.readAhead(hopKey, map.nodes(), begin, end, rowStarts, rowLengths, fanout);
      end =
          drawPositions(
              draw, begin, end, hopKey, fanout, numEdges, edgesLeft, layer.indptr(), excluded);
      int chunkEdges = layer.indptr()[end] - numEdges;
      draw.complete(edges.positions(), chunkEdges);
      rows.neighbors(edges, chunkEdges);
      requireEdgesLeft(edgesLeft - numEdges, chunkEdges);
      keepPerEdge(layer, numEdges, chunkEdges);
      if (timed != null) {
        timed.sources(layer.indptr(), begin, end, numEdges, edges.positions(), chunkEdges);
      }
      int[] indices = layer.ensureEdges(numEdges + chunkEdges);
      map.assign(edges.neighbors(), chunkEdges, indices, numEdges);
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

  private void keepPerEdge(MfgLayer layer, int numEdges, int chunkEdges) {
    if (edgePositions) {
      long[] all = layer.ensurePositions(numEdges + chunkEdges);
      System.arraycopy(edges.positions(), 0, all, numEdges, chunkEdges);
    }
    if (hasScale) {
      float[] all = layer.ensureScale(numEdges + chunkEdges);
      System.arraycopy(scale, 0, all, numEdges, chunkEdges);
    }
  }

  /**
   * Draws the edge positions of the destinations from {@code begin} on, until {@code end} or until
   * the chunk is full. What the loop reads for each row is in local variables: with fields it took
   * about 2 % longer per edge.
   *
   * @return the end of the destinations that are done, at least {@code begin + 1}
   */
  private int drawPositions(
      RowDraw draw,
      int begin,
      int end,
      long hopKey,
      int fanout,
      int numEdges,
      long edgesLeft,
      int[] rowEnds,
      ExcludedRanks excluded) {
    final int[] nodes = map.nodes();
    final long[] rowStarts = this.rowStarts;
    final long[] rowLengths = this.rowLengths;
    final boolean entries = timed != null;
    final int excludedEnd = excluded.numRows();
    final boolean scaled = hasScale;
    long[] out = edges.positions();
    int used = 0;
    rowEnds[begin] = numEdges;
    for (int i = begin; i < end; i++) {
      int degree = (int) rowLengths[i - begin];
      int limit = draw.limit(degree, fanout);
      if (used + (long) limit > out.length) {
        if (used > 0) {
          return i;
        }
        requireEdgesLeft(edgesLeft - numEdges, limit); // before a long row takes memory
        edges.grow(limit);
        out = edges.positions();
      }
      long key = entries ? timed.key(i - begin) : BatchRandom.key(hopKey, nodes[i]);
      long start = rowStarts[i - begin];
      int count =
          i < excludedEnd && excluded.has(i)
              ? draw.drawExcept(key, degree, fanout, start, excluded.row(i), out, used)
              : draw.draw(key, degree, fanout, start, out, used);
      if (scaled) {
        scaleRow(draw, used, used + count);
      }
      used += count;
      rowEnds[i + 1] = MfgLayer.requireEdges((long) numEdges + used);
    }
    return end;
  }

  private void scaleRow(RowDraw draw, int from, int to) {
    if (scale.length < edges.capacity()) {
      scale = Arrays.copyOf(scale, edges.capacity());
    }
    draw.scale(edges.positions(), from, to, scale);
  }
}
