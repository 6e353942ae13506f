package io.millrace.sampler;

import io.millrace.BadInputException;
import io.millrace.SplitMix64;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.RowDraw;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.sampler.draw.TimeSearch;
import java.util.Arrays;

/**
 * The steps that a {@link NeighborSampler} has in addition where nodes are looked at at a time:
 * rows are shortened to the edges that count then, draws are keyed by (hop, node, time), and a
 * source gets its time. Each works on a chunk, as the sampler's own. One per sampler.
 */
final class TimedRows {
  private final EdgeTimes times;
  private final TimeRule rule;
  private final EntryIdMap map = new EntryIdMap();
  private final TimeSearch search;
  private final long[] keys;
  private long[] entryTimes = {};

  TimedRows(EdgeTimes times, TimeRule rule, int chunkNodes) {
    this.times = times;
    this.rule = rule;
    search = new TimeSearch(times, rule, chunkNodes);
    keys = new long[chunkNodes];
  }

  EntryIdMap map() {
    return map;
  }

  /** The seeds' times, before they get their local ids. */
  void seeds(int[] seeds, long[] seedTimes) {
    if (seedTimes.length != seeds.length) {
      throw BadInputException.of(
          "need one time per seed", "seeds", seeds.length, "times", seedTimes.length);
    }
    map.nextTimes(seedTimes);
  }

  /** All seeds are without a limit. */
  void seedsWithoutLimit(int count) {
    ensure(count);
    Arrays.fill(entryTimes, 0, count, TimeRule.NO_LIMIT);
    map.nextTimes(entryTimes);
  }

  /** Shortens rows that {@link AdjacencyRows#bounds} has found. */
  void narrow(int begin, int end, long[] rowStarts, long[] rowLengths) {
    search.narrow(map.times(), begin, end, rowStarts, rowLengths);
  }

  /**
   * Computes the keys of the draws of these rows.
   *
   * @param draw may count by rank in the whole row
   */
  void keys(RowDraw draw, long hopKey, int begin, int end) {
    final int[] nodes = map.nodes();
    final long[] of = map.times();
    final int[] firsts = search.firsts();
    for (int i = begin; i < end; i++) {
      long key = BatchRandom.key(hopKey, nodes[i]);
      key = BatchRandom.key(key, (int) of[i]);
      key = BatchRandom.key(key, (int) (of[i] >>> Integer.SIZE));
      keys[i - begin] = draw.countsRanks() ? key + firsts[i - begin] * SplitMix64.GOLDEN : key;
    }
  }

  /**
   * The key of a row.
   *
   * @param i counted from {@code begin}
   */
  long key(int i) {
    return keys[i];
  }

  /**
   * The times of the sources of a chunk's edges, before they get their local ids.
   *
   * @param rowEnds where the edges of each row end
   * @param firstEdge of the chunk
   */
  void sources(int[] rowEnds, int begin, int end, int firstEdge, long[] positions, int count) {
    ensure(count);
    final long[] entryTimes = this.entryTimes;
    if (rule.sources() == TimeRule.Sources.EDGE) {
      for (int e = 0; e < count; e++) {
        entryTimes[e] = times.time(positions[e]);
      }
    } else {
      final long[] of = map.times();
      for (int i = begin; i < end; i++) {
        Arrays.fill(entryTimes, rowEnds[i] - firstEdge, rowEnds[i + 1] - firstEdge, of[i]);
      }
    }
    map.nextTimes(entryTimes);
  }

  private void ensure(int count) {
    if (entryTimes.length < count) {
      entryTimes = new long[count];
    }
  }
}
