package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Draws by weight with replacement, by {@link RowAliases}. A draw hits a position of the row, all
 * equally likely; one loop over the whole chunk then turns the hits into positions, so that its
 * cache misses overlap.
 */
final class AliasDraw extends RowDraw {
  /** The part of a node's key that its draws are keyed by. */
  private static final int PURPOSE = -1;

  private final RowAliases aliases;
  private final MemorySegment weights;

  /** What decides between a hit position and its alias, at the same index as the position. */
  private int[] fractions = {};

  private double[] targets = {};

  AliasDraw(EdgeWeights weights) {
    this.aliases = weights.aliases();
    this.weights = weights.values();
  }

  @Override
  public void narrow(int[] nodes, int begin, int end, long[] rowLengths) {
    for (int i = begin; i < end; i++) {
      if (aliases.isEmpty(nodes[i])) {
        rowLengths[i - begin] = 0;
      }
    }
  }

  @Override
  public int limit(int degree, int fanout) {
    return degree == 0 ? 0 : fanout;
  }

  @Override
  public int draw(long key, int n, int k, long offset, long[] out, int from) {
    if (n == 0) {
      return 0;
    }
    final int[] fractions = fractions(out.length);
    long drawKey = BatchRandom.key(key, PURPOSE);
    for (int i = 0; i < k; i++) {
      long bits = BatchRandom.bits(drawKey, i);
      out[from + i] = offset + Math.unsignedMultiplyHigh(bits, n);
      fractions[from + i] = AliasBuilder.fraction(bits, n);
    }
    return k;
  }

  private int[] fractions(int length) {
    if (fractions.length < length) {
      fractions = Arrays.copyOf(fractions, length);
    }
    return fractions;
  }

  /**
   * By the sums of the weights that are left, because the row's table has the excluded ones too.
   * The row is read twice: once for the sum, once for all draws in ascending order.
   */
  @Override
  public int drawExcept(
      long key, int n, int k, long offset, ExcludedRanks.Row excluded, long[] out, int from) {
    double sum = 0;
    int last = -1;
    for (int rank = 0; rank < n; rank++) {
      double weight = weight(offset, rank, excluded);
      sum += weight;
      last = weight > 0 ? rank : last;
    }
    if (last < 0) {
      return 0;
    }
    drawTargets(BatchRandom.key(key, PURPOSE), k, sum);
    double sumSoFar = 0;
    int done = 0;
    for (int rank = 0; done < k; rank++) {
      sumSoFar += weight(offset, rank, excluded);
      for (; done < k && (targets[done] < sumSoFar || rank == last); done++) {
        out[from + done] = offset + rank;
      }
    }
    Arrays.fill(fractions(out.length), from, from + k, -1);
    return k;
  }

  private double weight(long offset, int rank, ExcludedRanks.Row excluded) {
    return excluded.contains(rank) ? 0 : weights.getAtIndex(JAVA_FLOAT, offset + rank);
  }

  /** {@code k} numbers of {@code [0, sum)}, ascending. */
  private void drawTargets(long drawKey, int k, double sum) {
    if (targets.length < k) {
      targets = new double[k];
    }
    for (int i = 0; i < k; i++) {
      targets[i] = (BatchRandom.bits(drawKey, i) >>> 11) * 0x1p-53 * sum;
    }
    Arrays.sort(targets, 0, k);
  }

  @Override
  public void complete(long[] positions, int count) {
    final int[] fractions = this.fractions;
    final RowAliases aliases = this.aliases;
    for (int i = 0; i < count; i++) {
      positions[i] = aliases.resolve(positions[i], fractions[i]);
    }
  }
}
