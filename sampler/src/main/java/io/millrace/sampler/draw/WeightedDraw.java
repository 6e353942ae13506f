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
 * <p>Most logarithms are not needed: as {@code -ln(u) >= 2 (1 - u) / (1 + u)}, an edge is out if
 * {@code 1 - u >= 2 x / (2 + x)}, {@code x} being {@code weight * bound}. Keys are then rough ones
 * as a rule. {@code StrictMath.log}, which gives the exact ones, has the same bits on every
 * machine; {@code Math.log} may not, and would order two keys differently.
 *
 * <p>The scale is {@code weight / (1 - exp(-weight * t))}, {@code t} being the first key that is
 * out (rank conditioning: Cohen and Kaplan, "Tighter estimation using bottom k sketches", VLDB
 * 2008); it is the weight itself if nothing is out.
 */
final class WeightedDraw extends BottomKDraw {
  private static final int MAX_BLOCK = BatchRandom.MAX_COUNT;

  /** How many weights of a row are read for a guess of its keys. */
  private static final int SAMPLE = 32;

  /** The bits of {@code 1 - u} that are compared first. */
  private static final int COMPARED_BITS = 24;

  private static final float TWICE = 2 << COMPARED_BITS;

  /** A larger share of the row is not worth a guess. */
  private static final double MAX_SHARE_GUESSED = 0.75;

  /** More than the error of what they are compared with, in floats. */
  private static final int SLACK = 16;

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

  /** Scratch of a block: random bits and weights. */
  private final long[] bits = new long[MAX_BLOCK];

  private final float[] block = new float[MAX_BLOCK];
  private double threshold;

  private final EdgeWeights edgeWeights;

  /** A bit per rank of a long row that is drawn already, or excluded; all clear between draws. */
  private long[] taken = {};

  private boolean skipsTaken;

  /** Scratch of {@link #readAhead}: a chunk's long rows, by index, and their numbers. */
  private int[] longs = {};

  private int[] found = {};

  /** Scratch of {@link #readAhead}: what is read. */
  private long[] ahead = {};

  /** Keeps the reads ahead from being left out. */
  private double lastRead;

  /**
   * @param tables whether rows are whole, so that long ones may have tables
   */
  WeightedDraw(EdgeWeights weights, boolean estimate, boolean tables) {
    super(MAX_BLOCK, true);
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

  /**
   * The weights of short rows; the tables' entries for the first draws from each long row, and the
   * weights that they lead to where the scale needs them. Independent reads in tight loops, so that
   * their cache misses overlap.
   */
  @Override
  public void readAhead(
      long hopKey, int[] nodes, int begin, int end, long[] starts, long[] lengths, int k) {
    if (!tables) {
      return;
    }
    int count = end - begin;
    if (longs.length < count) {
      longs = new int[count];
      found = new int[count];
    }
    int numLongs = 0;
    int numLines = 0;
    for (int i = 0; i < count; i++) {
      boolean isLong = isLong((int) lengths[i], k);
      longs[numLongs] = i;
      numLongs += isLong ? 1 : 0;
      numLines = isLong ? numLines : addLines(starts[i], lengths[i], numLines);
    }
    lastRead = readWeights(numLines);
    if (numLongs > 0) {
      edgeWeights.longRows().find(starts, longs, numLongs, found);
      readTables(hopKey, nodes, begin, numLongs, starts, lengths, k + extraKeys());
    }
  }

  private void readTables(
      long hopKey, int[] nodes, int begin, int count, long[] starts, long[] lengths, int draws) {
    LongRows longRows = edgeWeights.longRows();
    ensureAhead(count * draws);
    for (int at = 0; at < count; at++) {
      int i = longs[at];
      long key = BatchRandom.key(BatchRandom.key(hopKey, nodes[begin + i]), DRAWS);
      longRows.entries(found[at], key, (int) lengths[i], draws, ahead, at * draws);
    }
    lastRead += longRows.read(ahead, count * draws);
    if (estimate) {
      for (int at = 0; at < count; at++) {
        int i = longs[at];
        long key = BatchRandom.key(BatchRandom.key(hopKey, nodes[begin + i]), DRAWS);
        for (int draw = 0; draw < draws; draw++) {
          int rank = longRows.draw(found[at], BatchRandom.bits(key, draw), (int) lengths[i]);
          ahead[at * draws + draw] = starts[i] + rank;
        }
      }
      lastRead += readWeights(count * draws);
    }
  }

  /** Adds a position of each cache line of a row's weights to what is read ahead. */
  private int addLines(long start, long length, int numLines) {
    ensureAhead(numLines + (int) (length / FLOATS_PER_LINE) + 1);
    int to = numLines;
    for (long rank = 0; rank < length; rank += FLOATS_PER_LINE) {
      ahead[to++] = start + rank;
    }
    return to;
  }

  private void ensureAhead(int count) {
    if (ahead.length < count) {
      ahead = Arrays.copyOf(ahead, 2 * count);
    }
  }

  private double readWeights(int count) {
    final MemorySegment weights = this.weights;
    final long[] ahead = this.ahead;
    double read = 0;
    for (int i = 0; i < count; i++) {
      read += weights.getAtIndex(JAVA_FLOAT, ahead[i]);
    }
    return read;
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
    int drawn = drawExactly(key, n, k, offset, out, from);
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

  /**
   * With equal weights, a share {@code s} of the keys is below {@code -ln(1 - s) / weight}, which
   * is about {@code 2 s / (2 - s) / weight}.
   */
  @Override
  double firstBound(long offset, int n, int k) {
    double share = (k + 2 * Math.sqrt(k) + 3) / n;
    if (share > MAX_SHARE_GUESSED) {
      return Double.POSITIVE_INFINITY;
    }
    int count = Math.min(n, SAMPLE);
    double sum = 0;
    for (int rank = 0; rank < count; rank++) {
      sum += weights.getAtIndex(JAVA_FLOAT, offset + rank);
    }
    return 2 * share / (2 - share) * count / sum;
  }

  @Override
  void margins(long key, long offset, int from, int count, double bound, int[] margins) {
    final long[] bits = this.bits;
    final float[] block = this.block;
    final float floatBound = Math.nextUp((float) bound);
    BatchRandom.bits(key, from, bits, count);
    MemorySegment.copy(weights, JAVA_FLOAT, (offset + from) * Float.BYTES, block, 0, count);
    for (int i = 0; i < count; i++) { // a weight of 0 gives 0 or NaN, which the cast makes 0
      int above = (int) (TWICE * (1 - 2 / (2 + block[i] * floatBound))) + SLACK;
      margins[i] = (int) (~bits[i] >>> Long.SIZE - COMPARED_BITS) - above;
    }
  }

  @Override
  void keys(int from, int[] hits, int numHits, double[] keys, boolean rough) {
    for (int i = 0; i < numHits; i++) {
      long drawn = bits[hits[i]];
      keys[i] = (rough ? roughLog(drawn) : exactLog(drawn)) / block[hits[i]];
    }
    for (int i = 0; skipsTaken && i < numHits; i++) {
      if (isTaken(from + hits[i])) {
        keys[i] = Double.POSITIVE_INFINITY;
      }
    }
  }

  @Override
  double key(long key, long offset, int rank) {
    return exactLog(BatchRandom.bits(key, rank)) / weights.getAtIndex(JAVA_FLOAT, offset + rank);
  }

  private static double exactLog(long bits) {
    return -StrictMath.log(BatchRandom.unit(bits));
  }

  /**
   * The same with a relative error below 2e-5: for most edges that are drawn {@code u} is above
   * 1/2, and then four terms of the series of {@code 2 artanh((1 - u) / (1 + u))} do.
   */
  private static double roughLog(long bits) {
    double u = BatchRandom.unit(bits);
    if (u < 0.5) {
      return -Math.log(u);
    }
    double x = (1 - u) / (1 + u);
    double square = x * x;
    return 2 * x * (1 + square * (1 / 3.0 + square * (1 / 5.0 + square * (1 / 7.0))));
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
