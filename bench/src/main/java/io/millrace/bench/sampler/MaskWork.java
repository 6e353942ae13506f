package io.millrace.bench.sampler;

import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.EdgeTimes;
import java.util.SplittableRandom;

/**
 * Sampling at a time: for each entry, a mask over the whole row, and a draw from the edges that it
 * leaves, or the last of them.
 */
final class MaskWork extends PlainWork {
  private final EdgeTimes times;
  private final boolean latest;
  private long[] seedTimes = {};

  /**
   * @param latest whether the last edges are taken
   */
  MaskWork(EdgeTimes times, Fanout fanout, boolean latest) {
    super(times.graph(), fanout, true);
    this.times = times;
    this.latest = latest;
  }

  @Override
  void begin(int numSeeds, long batchSeed) {
    seedTimes = seedTimes(times, numSeeds, batchSeed);
  }

  /** The times of a batch's seeds: those of edges drawn at random. */
  static long[] seedTimes(EdgeTimes times, int count, long batchSeed) {
    long key = BatchRandom.key(batchSeed, Integer.MIN_VALUE);
    int numEdges = (int) Math.min(Integer.MAX_VALUE, times.graph().numEdges());
    long[] drawn = new long[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = times.time(BatchRandom.bounded(key, i, numEdges));
    }
    return drawn;
  }

  @Override
  int draw(int node, int seed, int wanted, SplittableRandom random) {
    int count = mask(node, seedTimes[seed]);
    int k = Math.min(count, wanted);
    if (latest) {
      System.arraycopy(ranks, count - k, ranks, 0, k);
      return k;
    }
    for (int j = 0; j < k; j++) {
      int at = j + random.nextInt(count - j);
      int rank = ranks[at];
      ranks[at] = ranks[j];
      ranks[j] = rank;
    }
    return k;
  }

  private int mask(int node, long time) {
    long start = graph.rowStart(node);
    int degree = graph.degree(node);
    ensureRanks(degree);
    int count = 0;
    for (int rank = 0; rank < degree; rank++) {
      if (times.time(start + rank) < time) {
        ranks[count++] = rank;
      }
    }
    return count;
  }
}
