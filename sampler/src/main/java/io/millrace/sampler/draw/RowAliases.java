package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * An alias table per row (Walker 1977; Vose, "A linear algorithm for generating random numbers with
 * a given distribution", 1991): an edge is drawn by weight from one number, with one read.
 *
 * <pre>
 *   entry of an edge, 64 bits:  | threshold (31) | distance to its alias, in ranks (32, signed) |
 * </pre>
 *
 * <p>An edge that is hit is drawn itself in {@code threshold} of 2^31 cases, and its alias
 * otherwise. Rows are independent and built in rank order, so the table does not depend on the
 * number of threads. Immutable; all threads share it. 8 bytes per edge.
 */
final class RowAliases {
  private static final int ROWS_PER_TASK = 1 << 12;
  private static final double ONE = 0x1p31;

  private final MemorySegment entries;

  /** One bit per node: its row has no edge with a positive weight. */
  private final AtomicLongArray emptyRows;

  private RowAliases(long numEdges, int numNodes) {
    entries = HugePages.allocate(numEdges * Long.BYTES, Arena.ofAuto());
    emptyRows = new AtomicLongArray((numNodes >>> 6) + 1);
  }

  static RowAliases build(CsrGraph graph, MemorySegment weights) {
    AvailableMemory.require(
        8.0 * graph.numEdges(), "the alias table", "numEdges", graph.numEdges());
    RowAliases aliases = new RowAliases(graph.numEdges(), graph.numNodes());
    Parallel.ranges(
        graph.numNodes(),
        ROWS_PER_TASK,
        (from, to) -> {
          RowBuilder builder = new RowBuilder();
          for (int node = (int) from; node < to; node++) {
            if (!aliases.build(builder, graph.rowStart(node), graph.degree(node), weights)) {
              aliases.emptyRows.accumulateAndGet(node >>> 6, 1L << node, (all, bit) -> all | bit);
            }
          }
        });
    return aliases;
  }

  /** Whether no edge of a row can be drawn. */
  boolean isEmpty(int node) {
    return (emptyRows.getPlain(node >>> 6) & 1L << node) != 0;
  }

  /**
   * The position that is drawn by hitting one.
   *
   * @param fraction from {@code [0, 2^31)}, all equally likely; negative: the hit position itself
   */
  long resolve(long hit, int fraction) {
    long entry = entries.getAtIndex(JAVA_LONG, hit);
    return hit + (fraction < (int) (entry >>> 32) ? 0 : (int) entry);
  }

  private boolean build(RowBuilder builder, long start, int degree, MemorySegment weights) {
    double sum = builder.read(weights, start, degree);
    if (sum == 0) {
      return false;
    }
    builder.pair(degree, sum);
    for (int rank = 0; rank < degree; rank++) {
      long threshold = Math.min(Math.round(builder.shares[rank] * ONE), Integer.MAX_VALUE);
      long distance = builder.aliases[rank] - rank;
      entries.setAtIndex(JAVA_LONG, start + rank, threshold << 32 | distance & 0xFFFF_FFFFL);
    }
    return true;
  }

  /** The scratch of one thread. */
  private static final class RowBuilder {
    private double[] shares = {};
    private int[] aliases = {};

    /** Ranks with a share below 1 from the front, the others from the back. */
    private int[] open = {};

    /** Reads the weights into the shares. Returns their sum. */
    double read(MemorySegment weights, long start, int degree) {
      if (shares.length < degree) {
        shares = new double[degree];
        aliases = new int[degree];
        open = new int[degree];
      }
      double sum = 0;
      for (int rank = 0; rank < degree; rank++) {
        shares[rank] = weights.getAtIndex(JAVA_FLOAT, start + rank);
        sum += shares[rank];
      }
      return sum;
    }

    /** Fills the share of each rank up to 1 by one other rank. */
    void pair(int degree, double sum) {
      int numSmall = 0;
      int largeFrom = degree;
      int heaviest = 0;
      for (int rank = 0; rank < degree; rank++) {
        heaviest = shares[rank] > shares[heaviest] ? rank : heaviest;
      }
      for (int rank = 0; rank < degree; rank++) {
        boolean positive = shares[rank] > 0;
        shares[rank] *= degree / sum;
        aliases[rank] = positive ? rank : heaviest; // stays so if rounding leaves it unpaired
        if (shares[rank] < 1) {
          open[numSmall++] = rank;
        } else {
          open[--largeFrom] = rank;
        }
      }
      while (numSmall > 0 && largeFrom < degree) {
        int small = open[--numSmall];
        int large = open[largeFrom];
        aliases[small] = large;
        shares[large] = shares[large] + shares[small] - 1;
        if (shares[large] < 1) {
          largeFrom++;
          open[numSmall++] = large;
        }
      }
    }
  }
}
