package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.SplitMix64;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An alias table for each row of more than {@value #MIN_DEGREE} edges, see {@link AliasBuilder}: 8
 * bytes per edge of these rows. It does not depend on the number of threads that build it.
 * Immutable; all threads share it.
 */
final class LongRows {
  /** Rows up to this length are read in the time of a few cache misses. */
  static final int MIN_DEGREE = 128;

  /** Per long row, ascending: the position of its first edge. */
  private final long[] starts;

  /** Where its table begins. */
  private final long[] tables;

  private final double[] sums;

  /** A hash map from start to row, with linear probing and at least half empty; -1: empty. */
  private final int[] slots;

  private final int shift;
  private final MemorySegment entries;

  private LongRows(long[] starts, long[] tables) {
    this.starts = starts;
    this.tables = tables;
    sums = new double[starts.length];
    slots = new int[Integer.highestOneBit(starts.length + 1) * 4];
    shift = Long.numberOfLeadingZeros(slots.length) + 1;
    Arrays.fill(slots, -1);
    for (int row = 0; row < starts.length; row++) {
      int slot = slot(starts[row]);
      while (slots[slot] >= 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = row;
    }
    entries = HugePages.allocate(tables[starts.length] * Long.BYTES, Arena.ofAuto());
  }

  static LongRows build(CsrGraph graph, MemorySegment weights) {
    int[] nodes =
        IntStream.range(0, graph.numNodes()).filter(v -> graph.degree(v) > MIN_DEGREE).toArray();
    long[] tables = new long[nodes.length + 1];
    for (int i = 0; i < nodes.length; i++) {
      tables[i + 1] = tables[i] + graph.degree(nodes[i]);
    }
    AvailableMemory.require(8.0 * tables[nodes.length], "the alias tables", "rows", nodes.length);
    LongRows rows = new LongRows(Arrays.stream(nodes).mapToLong(graph::rowStart).toArray(), tables);
    Parallel.run(
        nodes.length,
        i ->
            rows.sums[i] =
                new AliasBuilder()
                    .build(
                        weights, rows.starts[i], graph.degree(nodes[i]), rows.entries, tables[i]));
    return rows;
  }

  /**
   * The number of a long row.
   *
   * @param start position of its first edge
   */
  int find(long start) {
    int slot = slot(start);
    while (starts[slots[slot]] != start) {
      slot = slot + 1 & slots.length - 1;
    }
    return slots[slot];
  }

  private int slot(long start) {
    return (int) (start * SplitMix64.GOLDEN >>> shift);
  }

  /** The sum of the weights of a row. */
  double sum(int row) {
    return sums[row];
  }

  /** A rank of a row of {@code n} edges, drawn in proportion to its weight. */
  int draw(int row, long bits, int n) {
    int hit = (int) Math.unsignedMultiplyHigh(bits, n);
    long entry = entries.getAtIndex(JAVA_LONG, tables[row] + hit);
    return hit + AliasBuilder.distance(entry, AliasBuilder.fraction(bits, n));
  }
}
