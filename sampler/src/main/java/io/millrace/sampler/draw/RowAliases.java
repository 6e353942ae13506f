package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * An alias table for every row, see {@link AliasBuilder}: 8 bytes per edge. It does not depend on
 * the number of threads that build it. Immutable; all threads share it.
 */
final class RowAliases {
  private static final int ROWS_PER_TASK = 1 << 12;

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
          AliasBuilder builder = new AliasBuilder();
          for (int node = (int) from; node < to; node++) {
            long start = graph.rowStart(node);
            if (builder.build(weights, start, graph.degree(node), aliases.entries, start) == 0) {
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
    return hit + AliasBuilder.distance(entries.getAtIndex(JAVA_LONG, hit), fraction);
  }
}
