package io.millrace.sampler.draw;

import java.util.Arrays;

/**
 * Gives every edge of a row a key and takes the edges with the {@code k} smallest keys; of equal
 * keys the smaller rank wins. What the keys are decides the law of the draw.
 *
 * <p>The row is read once, in order and in blocks; vectorised loops over a block find the few edges
 * that may still enter. The smallest keys so far are kept sorted while they are few, and as a heap
 * with the largest on top otherwise. An edge's key depends on its rank in the whole row (or on its
 * source) and on nothing else, so the result depends neither on excluded ranks nor on the order in
 * which ranks are read.
 */
abstract sealed class BottomKDraw extends RowDraw permits WeightedDraw, LaborDraw {
  /** Up to this many keys, an insertion moves fewer keys than a heap would compare. */
  private static final int MAX_SORTED = 33;

  private static final int MAX_BLOCK = BatchRandom.MAX_COUNT;

  /** Shorter while the bound is infinite, so that few keys are computed for nothing. */
  private static final int FIRST_BLOCK = 32;

  /** What may still enter: keys below it. {@link #firstBound} until {@link #capacity} are kept. */
  double bound;

  private double[] keys = new double[MAX_SORTED];
  private int[] ranks = new int[MAX_SORTED];
  private int size;
  private int capacity;

  /** Scratch of a block. */
  final long[] bits = new long[MAX_BLOCK];

  private final int[] hits = new int[MAX_BLOCK];

  @Override
  public final int limit(int degree, int fanout) {
    return Math.min(degree, fanout);
  }

  @Override
  public final int draw(long key, int n, int k, long offset, long[] out, int from) {
    if (k >= n) {
      return finishWhole(whole(offset, 0, n, out, from) - from);
    }
    if (isLong(n, k)) {
      return drawLong(key, n, k, offset, ExcludedRanks.NOTHING, out, from);
    }
    start(k);
    bound = firstBound(n, k);
    scan(key, offset, 0, n);
    if (size < capacity && bound < Double.POSITIVE_INFINITY) {
      start(k);
      scan(key, offset, 0, n);
    }
    return finish(k, offset, out, from);
  }

  /**
   * A number above {@code k} of a row's {@code n} keys as a rule, and below most of the others. The
   * row is read again if it is not. Infinite if nothing is known of the keys.
   */
  double firstBound(int n, int k) {
    return Double.POSITIVE_INFINITY;
  }

  /** Whether {@link #drawLong} is to be used. */
  boolean isLong(int n, int k) {
    return false;
  }

  /** As {@link #draw} by the same law, without reading the whole row. */
  int drawLong(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    throw new IllegalStateException("no row is long for this draw");
  }

  @Override
  public final int drawExcept(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    boolean whole = k >= n - excluded.count();
    if (!whole && isLong(n, k)) {
      return drawLong(key, n, k, offset, excluded, out, from);
    }
    start(whole ? 0 : k);
    int to = from;
    int begin = 0;
    for (int i = 0; i <= excluded.count(); i++) {
      int end = i < excluded.count() ? excluded.rank(i) : n;
      if (whole) {
        to = whole(offset, begin, end, out, to);
      } else {
        scan(key, offset, begin, end);
      }
      begin = end + 1;
    }
    return whole ? finishWhole(to - from) : finish(k, offset, out, from);
  }

  /** Reads a range of ranks in blocks. */
  final void scan(long key, long offset, int begin, int end) {
    int to;
    for (int from = begin; from < end; from = to) {
      to = Math.min(end, from + (bound == Double.POSITIVE_INFINITY ? FIRST_BLOCK : MAX_BLOCK));
      int numHits = hits(key, offset, from, to - from, hits);
      for (int i = 0; i < numHits; i++) {
        offer(offset, from + hits[i], hits[i]);
      }
    }
  }

  /**
   * The first, vectorised step: finds the edges of a block whose key may be below {@link #bound}.
   *
   * @param hits receives their indices in the block
   * @return how many there are
   */
  abstract int hits(long key, long offset, int from, int count, int[] hits);

  /**
   * The second step: {@link #keep}s the key of such an edge if it is below the bound, which may
   * have fallen since.
   *
   * @param i its index in the block
   */
  abstract void offer(long offset, int rank, int i);

  /**
   * Writes the positions of all edges in {@code [begin, end)} that can be drawn.
   *
   * @return where to write next
   */
  abstract int whole(long offset, int begin, int end, long[] out, int from);

  /** How many keys more than are drawn are kept: 1 if the first key that is out is needed. */
  abstract int extraKeys();

  /**
   * The draw ends.
   *
   * @param firstOut the smallest key of the edges that were not drawn; infinite if all were
   */
  void end(double firstOut) {}

  final void start(int k) {
    capacity = k + extraKeys();
    if (keys.length < capacity) {
      keys = new double[capacity];
      ranks = new int[capacity];
    }
    size = 0;
    bound = Double.POSITIVE_INFINITY;
  }

  private int finishWhole(int count) {
    end(Double.POSITIVE_INFINITY);
    return count;
  }

  /** Writes the edges drawn in row order. */
  final int finish(int k, long offset, long[] out, int from) {
    int count = Math.min(size, k);
    boolean oneOut = size > count;
    int first = 0;
    double firstOut = oneOut ? keys[size - 1] : Double.POSITIVE_INFINITY;
    if (oneOut && capacity > MAX_SORTED) {
      firstOut = keys[0];
      first = 1;
    }
    for (int i = 0; i < count; i++) {
      out[from + i] = offset + ranks[first + i];
    }
    Arrays.sort(out, from, from + count);
    end(firstOut);
    return count;
  }

  /** Keeps a key that is below {@link #bound}; its rank is above all before. */
  final void keep(double key, int rank) {
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
