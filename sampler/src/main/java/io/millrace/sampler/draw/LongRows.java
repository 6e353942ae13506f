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

  /** Longs per row in {@link #rows}: start, first entry of its table, sum as bits. */
  private static final int STRIDE = 3;

  /**
   * Per long row, ascending by the position of its first edge; together, so that one miss reads
   * all.
   */
  private final long[] rows;

  /** A hash map from start to row, with linear probing and at least half empty; -1: empty. */
  private final int[] slots;

  private final int shift;
  private final MemorySegment entries;

  private LongRows(long[] rows, long numEntries) {
    this.rows = rows;
    int numRows = rows.length / STRIDE;
    slots = new int[Integer.highestOneBit(numRows + 1) * 4];
    shift = Long.numberOfLeadingZeros(slots.length) + 1;
    Arrays.fill(slots, -1);
    for (int row = 0; row < numRows; row++) {
      int slot = slot(rows[row * STRIDE]);
      while (slots[slot] >= 0) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = row;
    }
    entries = HugePages.allocate(numEntries * Long.BYTES, Arena.ofAuto());
  }

  static LongRows build(CsrGraph graph, MemorySegment weights) {
    int[] nodes =
        IntStream.range(0, graph.numNodes()).filter(v -> graph.degree(v) > MIN_DEGREE).toArray();
    long[] rows = new long[Math.multiplyExact(nodes.length, STRIDE)];
    long numEntries = 0;
    for (int i = 0; i < nodes.length; i++) {
      rows[i * STRIDE] = graph.rowStart(nodes[i]);
      rows[i * STRIDE + 1] = numEntries;
      numEntries += graph.degree(nodes[i]);
    }
    AvailableMemory.require(8.0 * numEntries, "the alias tables", "rows", nodes.length);
    LongRows longRows = new LongRows(rows, numEntries);
    Parallel.run(
        nodes.length,
        i -> {
          int at = i * STRIDE;
          double sum =
              new AliasBuilder()
                  .build(weights, rows[at], graph.degree(nodes[i]), longRows.entries, rows[at + 1]);
          rows[at + 2] = Double.doubleToRawLongBits(sum);
        });
    return longRows;
  }

  /**
   * Finds long rows, in loops that each read once per row without a branch, so that their cache
   * misses overlap.
   *
   * @param starts positions of first edges
   * @param rowIndices of these in {@code starts}
   * @param found receives the numbers of the rows, in the same order
   */
  void find(long[] starts, int[] rowIndices, int count, int[] found) {
    for (int i = 0; i < count; i++) {
      found[i] = slots[slot(starts[rowIndices[i]])];
    }
    long others = 0;
    for (int i = 0; i < count; i++) {
      others |= rows[found[i] * STRIDE] ^ starts[rowIndices[i]];
    }
    for (int i = 0; others != 0 && i < count; i++) {
      if (rows[found[i] * STRIDE] != starts[rowIndices[i]]) {
        found[i] = find(starts[rowIndices[i]]);
      }
    }
  }

  /**
   * The number of a long row.
   *
   * @param start position of its first edge
   */
  int find(long start) {
    int slot = slot(start);
    while (rows[slots[slot] * STRIDE] != start) {
      slot = slot + 1 & slots.length - 1;
    }
    return slots[slot];
  }

  private int slot(long start) {
    return (int) (start * SplitMix64.GOLDEN >>> shift);
  }

  /** The sum of the weights of a row. */
  double sum(int row) {
    return Double.longBitsToDouble(rows[row * STRIDE + 2]);
  }

  /** A rank of a row of {@code n} edges, drawn in proportion to its weight. */
  int draw(int row, long bits, int n) {
    int hit = (int) Math.unsignedMultiplyHigh(bits, n);
    long entry = entries.getAtIndex(JAVA_LONG, rows[row * STRIDE + 1] + hit);
    return hit + AliasBuilder.distance(entry, AliasBuilder.fraction(bits, n));
  }

  /**
   * Which entries the first {@link #draw}s from a row read.
   *
   * @param key of the draws
   * @param out receives {@code count} numbers for {@link #read}, from {@code from} on
   */
  void entries(int row, long key, int n, int count, long[] out, int from) {
    long first = rows[row * STRIDE + 1];
    for (int draw = 0; draw < count; draw++) {
      out[from + draw] = first + Math.unsignedMultiplyHigh(BatchRandom.bits(key, draw), n);
    }
  }

  /** Reads entries into the cache; in a tight loop, so that their cache misses overlap. */
  long read(long[] which, int count) {
    long read = 0;
    for (int i = 0; i < count; i++) {
      read += entries.getAtIndex(JAVA_LONG, which[i]);
    }
    return read;
  }
}
