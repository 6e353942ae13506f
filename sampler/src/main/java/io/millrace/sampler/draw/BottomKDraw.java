package io.millrace.sampler.draw;

import java.util.Arrays;

/**
 * Gives every edge of a row a key and takes the edges with the {@code k} smallest keys; of equal
 * keys the smaller rank wins. What the keys are decides the law of the draw.
 *
 * <p>A number is guessed that somewhat more than {@code k} keys are below; if fewer are, the row is
 * read again without a guess. A row is read in order and in blocks: a vectorised loop over a block
 * finds the few edges whose key may be below the bound. The smallest keys so far are kept sorted
 * while they are few, and as a heap with the largest on top otherwise. An edge's key depends on its
 * rank in the whole row (or on its source) and on nothing else, so the result depends neither on
 * excluded ranks, nor on the guess, nor on the order in which ranks are read.
 *
 * <p>Where rough keys are faster, they are computed first, and one more of them is kept. Where the
 * keys on both sides of the border between what is drawn and what is not are too close for them,
 * the row is read again with the exact ones.
 */
abstract sealed class BottomKDraw extends RowDraw permits WeightedDraw, LaborDraw {
  /** Up to this many keys, an insertion moves fewer keys than a heap would compare. */
  private static final int MAX_SORTED = 33;

  /** Shorter while the bound is infinite, so that few keys are computed for nothing. */
  private static final int FIRST_BLOCK = 32;

  /** More than the relative errors of two rough keys; one row of some thousands is too close. */
  private static final double ROUGHNESS = 1e-4;

  /** So many edges are tested at once. */
  private static final int GROUP = 8;

  private final int maxBlock;
  private final boolean hasRoughKeys;

  /** Whether the keys that are kept are rough. */
  private boolean rough;

  /** What may still enter: keys below it. A guess until {@link #capacity} are kept. */
  private double bound;

  private double[] keys = new double[MAX_SORTED];
  private int[] ranks = new int[MAX_SORTED];
  private int size;
  private int capacity;

  /** Scratch of a block: negative where a key may be below the bound. */
  private final int[] margins;

  /** The indices of these in the block, and their keys. */
  private final int[] hits;

  private final double[] hitKeys;

  /**
   * @param maxBlock edges of a block, at most
   * @param hasRoughKeys whether there are rough keys
   */
  BottomKDraw(int maxBlock, boolean hasRoughKeys) {
    this.maxBlock = maxBlock;
    this.hasRoughKeys = hasRoughKeys;
    margins = new int[maxBlock + GROUP];
    hits = new int[maxBlock + GROUP];
    hitKeys = new double[maxBlock];
  }

  @Override
  public final int limit(int degree, int fanout) {
    return Math.min(degree, fanout);
  }

  @Override
  public final int draw(long key, int n, int k, long offset, long[] out, int from) {
    return drawExcept(key, n, k, offset, ExcludedRanks.NOTHING, out, from);
  }

  @Override
  public final int drawExcept(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    int eligible = n - excluded.count();
    if (k >= eligible) {
      return drawWhole(n, offset, excluded, out, from);
    }
    if (isLong(n, k)) {
      return drawLong(key, n, k, offset, excluded, out, from);
    }
    double guess = firstBound(offset, eligible, k);
    rough = hasRoughKeys && k + extraKeys() < MAX_SORTED;
    select(key, n, k, offset, excluded, guess);
    if (rough && !isDecided(k)) {
      rough = false;
      select(key, n, k, offset, excluded, guess);
    }
    return finish(key, k, offset, out, from);
  }

  private int drawWhole(int n, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    int to = from;
    int begin = 0;
    for (int i = 0; i < excluded.count(); i++) {
      to = whole(offset, begin, excluded.rank(i), out, to);
      begin = excluded.rank(i) + 1;
    }
    to = whole(offset, begin, n, out, to);
    end(Double.POSITIVE_INFINITY);
    return to - from;
  }

  /**
   * A number above {@code k} of a row's {@code n} keys as a rule, and below most of the others;
   * infinite if there is none.
   */
  abstract double firstBound(long offset, int n, int k);

  /** Whether {@link #drawLong} is to be used. */
  boolean isLong(int n, int k) {
    return false;
  }

  /** As {@link #draw} by the same law, without reading the whole row. */
  int drawLong(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    throw new IllegalStateException("no row is long for this draw");
  }

  /** Keeps the smallest keys of a row. */
  private void select(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, double guess) {
    start(k);
    bound = guess;
    scan(key, offset, n, excluded);
    if (size < capacity && guess < Double.POSITIVE_INFINITY) {
      start(k);
      scan(key, offset, n, excluded);
    }
  }

  private void scan(long key, long offset, int n, ExcludedRanks.Row excluded) {
    int begin = 0;
    for (int i = 0; i < excluded.count(); i++) {
      scan(key, offset, begin, excluded.rank(i));
      begin = excluded.rank(i) + 1;
    }
    scan(key, offset, begin, n);
  }

  private void scan(long key, long offset, int begin, int end) {
    int to;
    for (int from = begin; from < end; from = to) {
      to = Math.min(end, from + (bound == Double.POSITIVE_INFINITY ? FIRST_BLOCK : maxBlock));
      margins(key, offset, from, to - from, bound, margins);
      int numHits = collect(to - from);
      keys(from, hits, numHits, hitKeys, rough);
      for (int i = 0; i < numHits; i++) {
        if (hitKeys[i] < bound) {
          keep(hitKeys[i], from + hits[i]);
        }
      }
    }
  }

  /** Finds the edges of a block with a negative margin. Returns how many there are. */
  private int collect(int count) {
    final int[] margins = this.margins;
    final int[] hits = this.hits;
    Arrays.fill(margins, count, count + GROUP, 0);
    int numHits = 0;
    for (int i = 0; i < count; i += GROUP) {
      int low = margins[i] | margins[i + 1] | margins[i + 2] | margins[i + 3];
      int high = margins[i + 4] | margins[i + 5] | margins[i + 6] | margins[i + 7];
      if ((low | high) < 0) {
        for (int j = i; j < i + GROUP; j++) {
          hits[numHits] = j;
          numHits += margins[j] >>> 31;
        }
      }
    }
    return numHits;
  }

  /**
   * The first step, vectorised: tells the edges of a block whose key may be below a bound.
   *
   * @param margins receives a negative number for each of these, and another for the others
   */
  abstract void margins(long key, long offset, int from, int count, double bound, int[] margins);

  /**
   * The second step: computes the keys of some edges of the last block.
   *
   * @param from the rank of the block's first edge
   * @param hits indices in the block
   * @param keys receives them; infinite or NaN: the edge cannot be drawn
   * @param rough whether they may be rough
   */
  abstract void keys(int from, int[] hits, int numHits, double[] keys, boolean rough);

  /** The exact key of one edge. */
  abstract double key(long key, long offset, int rank);

  /**
   * Writes the positions of all edges in {@code [begin, end)} that can be drawn.
   *
   * @return where to write next
   */
  abstract int whole(long offset, int begin, int end, long[] out, int from);

  /** How many keys more than are drawn are needed: 1 if the first key that is out is. */
  abstract int extraKeys();

  /**
   * The draw ends.
   *
   * @param firstOut the smallest key of the edges that were not drawn, where it is needed; infinite
   *     if all were
   */
  void end(double firstOut) {}

  /** Draws from a row by exact keys, without a guess. */
  final int drawExactly(long key, int n, int k, long offset, long[] out, int from) {
    rough = false;
    select(key, n, k, offset, ExcludedRanks.NOTHING, Double.POSITIVE_INFINITY);
    return finish(key, k, offset, out, from);
  }

  private void start(int k) {
    capacity = k + extraKeys() + (rough ? 1 : 0);
    if (keys.length < capacity) {
      keys = new double[capacity];
      ranks = new int[capacity];
    }
    size = 0;
    bound = Double.POSITIVE_INFINITY;
  }

  /** Whether rough keys tell which edges are drawn, and which is the first that is not. */
  private boolean isDecided(int k) {
    return isApart(k) && (extraKeys() == 0 || isApart(k + 1));
  }

  /** Whether rough keys tell the first {@code count} from the others. */
  private boolean isApart(int count) {
    return size <= count || keys[count - 1] < keys[count] * (1 - ROUGHNESS);
  }

  /** Writes the edges drawn in row order. */
  private int finish(long key, int k, long offset, long[] out, int from) {
    int count = Math.min(size, k);
    boolean heap = capacity > MAX_SORTED;
    int first = heap ? size - count : 0;
    for (int i = 0; i < count; i++) {
      out[from + i] = offset + ranks[first + i];
    }
    Arrays.sort(out, from, from + count);
    double firstOut = Double.POSITIVE_INFINITY;
    if (size > count && extraKeys() > 0) {
      int at = heap ? 0 : count;
      firstOut = rough ? key(key, offset, ranks[at]) : keys[at];
    }
    end(firstOut);
    return count;
  }

  /** Keeps a key that is below {@link #bound}; its rank is above all before. */
  private void keep(double key, int rank) {
    if (capacity <= MAX_SORTED) {
      insert(key, rank);
    } else {
      push(key, rank);
    }
  }

  /** Ascending by (key, rank). */
  private void insert(double key, int rank) {
    int at = size < capacity ? size++ : size - 1;
    for (; at > 0 && keys[at - 1] > key; at--) {
      keys[at] = keys[at - 1];
      ranks[at] = ranks[at - 1];
    }
    keys[at] = key;
    ranks[at] = rank;
    if (size == capacity) {
      bound = keys[size - 1];
    }
  }

  /** A binary heap; the parent of {@code i} is {@code (i - 1) / 2} and not below it. */
  private void push(double key, int rank) {
    if (size < capacity) {
      int at = size++;
      while (at > 0 && above(key, rank, (at - 1) >>> 1)) {
        move((at - 1) >>> 1, at);
        at = (at - 1) >>> 1;
      }
      set(at, key, rank);
    } else {
      int at = 0;
      for (int child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && above(keys[child + 1], ranks[child + 1], child)) {
          child++;
        }
        if (!above(keys[child], ranks[child], key, rank)) {
          break;
        }
        move(child, at);
        at = child;
      }
      set(at, key, rank);
    }
    if (size == capacity) {
      bound = keys[0];
    }
  }

  private boolean above(double key, int rank, int other) {
    return above(key, rank, keys[other], ranks[other]);
  }

  private static boolean above(double key, int rank, double otherKey, int otherRank) {
    return key > otherKey || key == otherKey && rank > otherRank;
  }

  private void move(int from, int to) {
    set(to, keys[from], ranks[from]);
  }

  private void set(int at, double key, int rank) {
    keys[at] = key;
    ranks[at] = rank;
  }
}
