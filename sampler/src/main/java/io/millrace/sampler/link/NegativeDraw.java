package io.millrace.sampler.link;

import io.millrace.sampler.draw.BatchRandom;

/**
 * Draws the negatives of a positive, uniformly over those that are allowed. All threads share it.
 *
 * <p>It tries {@value #TRIES} nodes. If each is linked, which happens for a source with edges to
 * most of the nodes, or in a graph of almost all edges, it counts the allowed ones and draws one of
 * them by its rank: uniform in both cases, and it always ends.
 */
final class NegativeDraw {
  private static final int TRIES = 16;

  /** Counters of a negative. */
  private static final int COUNTERS = 64;

  /** The counter of the draw among the nodes that are allowed. */
  private static final int EXACT = 2 * TRIES;

  static final int NONE = -1;

  private final EdgeLookup edges;
  private final Negatives choice;
  private long[] allowedBefore = {};

  NegativeDraw(EdgeLookup edges, Negatives choice) {
    this.edges = edges;
    this.choice = choice;
  }

  /**
   * Draws a destination.
   *
   * @param key of the positive
   * @param q number of the negative
   * @return {@link #NONE} if the source is linked to all nodes
   */
  int destination(long key, int q, int src) {
    int first = q * COUNTERS;
    for (int c = 0; c < TRIES; c++) {
      int dst = BatchRandom.bounded(key, first + c, numNodes());
      if (isAllowed(src, dst)) {
        return dst;
      }
    }
    return exact(key, first + EXACT, src);
  }

  /**
   * Draws both ends.
   *
   * @return source and destination; empty if all pairs are linked
   */
  int[] pair(long key, int q) {
    int first = q * COUNTERS;
    for (int c = 0; c < TRIES; c++) {
      int src = BatchRandom.bounded(key, first + 2 * c, numNodes());
      int dst = BatchRandom.bounded(key, first + 2 * c + 1, numNodes());
      if (isAllowed(src, dst)) {
        return new int[] {src, dst};
      }
    }
    return exactPair(key, first + EXACT);
  }

  /** By the rank among all pairs that are allowed, destination by destination. */
  private int[] exactPair(long key, int counter) {
    long[] before = allowedBefore();
    long all = before[numNodes()];
    if (all == 0) {
      return new int[0];
    }
    long rank = Math.unsignedMultiplyHigh(BatchRandom.bits(key, counter), all);
    int dst = 0;
    while (before[dst + 1] <= rank) {
      dst++;
    }
    long left = rank - before[dst];
    int src = 0;
    while (!isAllowed(src, dst) || left-- > 0) {
      src++;
    }
    return new int[] {src, dst};
  }

  /** How many pairs are allowed whose destination is smaller, counted at the first call. */
  private synchronized long[] allowedBefore() {
    if (allowedBefore.length == 0) {
      long[] sums = new long[numNodes() + 1];
      for (int dst = 0; dst < numNodes(); dst++) {
        sums[dst + 1] = sums[dst] + numNodes() - 1 - edges.numOthers(dst);
      }
      allowedBefore = sums;
    }
    return allowedBefore;
  }

  private int exact(long key, int counter, int src) {
    int numAllowed = 0;
    for (int dst = 0; dst < numNodes(); dst++) {
      numAllowed += isAllowed(src, dst) ? 1 : 0;
    }
    if (numAllowed == 0) {
      return NONE;
    }
    int left = BatchRandom.bounded(key, counter, numAllowed);
    int dst = 0;
    while (!isAllowed(src, dst) || left-- > 0) {
      dst++;
    }
    return dst;
  }

  private boolean isAllowed(int src, int dst) {
    return !choice.strict() || src != dst && !edges.has(src, dst);
  }

  private int numNodes() {
    return edges.graph().numNodes();
  }
}
