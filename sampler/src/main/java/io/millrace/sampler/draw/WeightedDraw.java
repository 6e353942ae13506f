package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Draws by weight without replacement: the key of an edge is {@code -ln(u) / weight} (algorithm
 * A-Res of Efraimidis and Spirakis, "Weighted random sampling with a reservoir", IPL 2006). It
 * reads the weights of a row once and in order, and works on any part of a row. Rows that are much
 * longer than the fanout are drawn from by alias tables instead, see {@link LongRows}.
 *
 * <p>Most logarithms are not needed: as {@code -ln(u) >= 1 - u}, an edge is out if {@code 1 - u} is
 * at least {@code weight * bound}. A row of {@code d} edges takes about {@code k (1 + ln(d / k))}
 * logarithms. {@code StrictMath.log} gives the same bits on every machine; {@code Math.log} may
 * not, and would order two keys differently.
 *
 * <p>The scale is {@code weight / (1 - exp(-weight * t))}, {@code t} being the first key that is
 * out (rank conditioning: Cohen and Kaplan, "Tighter estimation using bottom k sketches", VLDB
 * 2008); it is the weight itself if nothing is out.
 */
final class WeightedDraw extends BottomKDraw {
  private static final double ULP = 0x1p-53;

  /** More than the error of the bound and of its product, so that no edge is out by rounding. */
  private static final double SLACK = 1 + 1e-12;

  /** Parts of a node's key: what long rows are drawn by, and the gaps between their keys. */
  private static final int DRAWS = -1;

  private static final int GAPS = -2;

  /** A row is long if it has so many edges per edge to draw. */
  private static final long MAX_SHARE = 8;

  /** Draws per edge of a long row, before the row is read. */
  private static final int TRIES = 4;

  /** Below this share of the sum, rounding would spoil what is left. */
  private static final double MIN_LEFT = 1e-6;

  private static final int FLOATS_PER_LINE = 16;

  private final MemorySegment weights;
  private final boolean estimate;
  private final boolean tables;
  private final float[] block = new float[BatchRandom.MAX_COUNT];
  private final double[] margins = new double[BatchRandom.MAX_COUNT];
  private double threshold;

  private final EdgeWeights edgeWeights;

  /** A bit per rank of a long row that is drawn already, or excluded; all clear between draws. */
  private long[] taken = {};

  private boolean skipsTaken;

  /** Scratch of {@link #readAhead}: the numbers of a chunk's long rows; -1: not long. */
  private int[] found = {};

  /** Keeps the reads ahead from being left out. */
  private double lastRead;

  /**
   * @param tables whether rows are whole, so that long ones may have tables
   */
  WeightedDraw(EdgeWeights weights, boolean estimate, boolean tables) {
    this.tables = tables;
    this.weights = weights.values();
    this.edgeWeights = weights;
    this.estimate = estimate;
  }

  @Override
  boolean isLong(int n, int k) {
    return tables && n > LongRows.MIN_DEGREE && MAX_SHARE * k <= n;
  }

  @Override
  public boolean countsRanks() {
    return true;
  }

  /** The tables' entries for the first draws from each long row, and the weights they lead to. */
  @Override
  public void readAhead(
      long hopKey, int[] nodes, int begin, int end, long[] starts, long[] lengths, int k) {
    if (!tables) {
      return;
    }
    if (found.length < end - begin) {
      found = new int[end - begin];
    }
    final int[] found = this.found;
    final LongRows longRows = edgeWeights.longRows();
    double read = 0; // independent reads, so that their cache misses overlap
    for (int i = 0; i < end - begin; i++) {
      found[i] = isLong((int) lengths[i], k) ? longRows.find(starts[i]) : -1;
      if (found[i] < 0) {
        for (long rank = 0; rank < lengths[i]; rank += FLOATS_PER_LINE) {
          read += weights.getAtIndex(JAVA_FLOAT, starts[i] + rank);
        }
      }
    }
    for (int i = 0; i < end - begin; i++) {
      if (found[i] >= 0) {
        long drawKey = BatchRandom.key(BatchRandom.key(hopKey, nodes[begin + i]), DRAWS);
        for (int draw = 0; draw < k + extraKeys(); draw++) {
          int rank = longRows.draw(found[i], BatchRandom.bits(drawKey, draw), (int) lengths[i]);
          read += estimate ? weights.getAtIndex(JAVA_FLOAT, starts[i] + rank) : rank;
        }
      }
    }
    lastRead = read;
  }

  /**
   * Draws one edge after the other, again if it is taken; that is the same law. If most draws hit
   * edges that are taken, the rest is drawn by keys.
   *
   * <p>For the scale, the keys are made up afterwards: in ascending order, each is larger than the
   * one before by an exponential variable whose rate is the sum of the weights that are left.
   */
  @Override
  int drawLong(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    LongRows longRows = edgeWeights.longRows();
    int row = longRows.find(offset);
    double sum = longRows.sum(row);
    if (taken.length <= n >>> 6) {
      taken = new long[(n >>> 6) + 1];
    }
    double left = sum - exclude(excluded, offset);
    int wanted = k + extraKeys();
    long drawKey = BatchRandom.key(key, DRAWS);
    long gapKey = BatchRandom.key(key, GAPS);
    double last = 0;
    int lastRank = -1;
    int count = 0;
    int tries = sum > 0 ? TRIES * (wanted + TRIES) : 0;
    for (int i = 0; i < tries && count < wanted && left > sum * MIN_LEFT; i++) {
      int rank = longRows.draw(row, BatchRandom.bits(drawKey, i), n);
      if (!isTaken(rank)) {
        take(rank);
        if (estimate) {
          last -= StrictMath.log(BatchRandom.unit(BatchRandom.bits(gapKey, count))) / left;
          left -= weights.getAtIndex(JAVA_FLOAT, offset + rank);
        }
        lastRank = rank;
        if (count < k) {
          out[from + count] = offset + rank;
        }
        count++;
      }
    }
    threshold = last;
    int drawn = Math.min(count, k);
    if (count < wanted) {
      drawn += drawRest(key, n, k - count, offset, last, out, from + count);
    }
    release(out, from, from + drawn, offset);
    if (lastRank >= 0) {
      taken[lastRank >>> 6] = 0;
    }
    release(excluded);
    Arrays.sort(out, from, from + drawn);
    return drawn;
  }

  /** Draws from what is not taken, by keys that are counted from {@code last} on. */
  private int drawRest(long key, int n, int k, long offset, double last, long[] out, int from) {
    skipsTaken = true;
    start(k);
    scan(key, offset, 0, n);
    int drawn = finish(k, offset, out, from);
    skipsTaken = false;
    threshold += last;
    return drawn;
  }

  /** Takes the excluded ranks. Returns the sum of their weights. */
  private double exclude(ExcludedRanks.Row excluded, long offset) {
    double sum = 0;
    for (int i = 0; i < excluded.count(); i++) {
      take(excluded.rank(i));
      sum += weights.getAtIndex(JAVA_FLOAT, offset + excluded.rank(i));
    }
    return sum;
  }

  private boolean isTaken(int rank) {
    return (taken[rank >>> 6] & 1L << rank) != 0;
  }

  private void take(int rank) {
    taken[rank >>> 6] |= 1L << rank;
  }

  private void release(long[] positions, int from, int to, long offset) {
    for (int i = from; i < to; i++) {
      taken[(int) (positions[i] - offset) >>> 6] = 0;
    }
  }

  private void release(ExcludedRanks.Row excluded) {
    for (int i = 0; i < excluded.count(); i++) {
      taken[excluded.rank(i) >>> 6] = 0;
    }
  }

  @Override
  int extraKeys() {
    return estimate ? 1 : 0;
  }

  @Override
  int hits(long key, long offset, int from, int count, int[] hits) {
    final long[] bits = this.bits;
    final float[] block = this.block;
    final double slackBound = bound * SLACK;
    BatchRandom.bits(key, from, bits, count);
    MemorySegment.copy(weights, JAVA_FLOAT, (offset + from) * Float.BYTES, block, 0, count);
    for (int i = 0; i < count; i++) { // a weight of 0 gives 0 or more, or NaN
      margins[i] = (~bits[i] >>> 11) * ULP - block[i] * slackBound;
    }
    int numHits = 0;
    for (int i = 0; i < count; i++) {
      hits[numHits] = i;
      numHits += (int) (Double.doubleToRawLongBits(margins[i]) >>> 63);
    }
    return numHits;
  }

  @Override
  void offer(long offset, int rank, int i) {
    double weight = block[i];
    if (skipsTaken && isTaken(rank)) {
      return;
    }
    if ((~bits[i] >>> 11) * ULP < weight * (bound * SLACK)) {
      double key = -StrictMath.log(BatchRandom.unit(bits[i])) / weight;
      if (key < bound) {
        keep(key, rank);
      }
    }
  }

  @Override
  int whole(long offset, int begin, int end, long[] out, int from) {
    int to = from;
    for (long position = offset + begin; position < offset + end; position++) {
      if (weights.getAtIndex(JAVA_FLOAT, position) > 0) {
        out[to++] = position;
      }
    }
    return to;
  }

  @Override
  void end(double firstOut) {
    threshold = firstOut;
  }

  @Override
  public void scale(long[] positions, int from, int to, float[] scale) {
    for (int i = from; i < to; i++) {
      double weight = weights.getAtIndex(JAVA_FLOAT, positions[i]);
      scale[i] =
          threshold == Double.POSITIVE_INFINITY
              ? (float) weight
              : (float) (weight / -StrictMath.expm1(-weight * threshold));
    }
  }
}
