package io.millrace.bench.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.EdgeTimes;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sampling at a time as one would first write it: for each entry, a mask over the whole row, and a
 * draw from the edges that it leaves. Each thread has its own.
 */
final class MaskWork implements Work {
  private final CsrGraph graph;
  private final EdgeTimes times;
  private final Fanout fanout;
  private final Long2IntOpenHashMap ids = new Long2IntOpenHashMap();
  private int[] nodes = new int[1 << 12];
  private int[] seedOf = new int[1 << 12];
  private int[] eligible = new int[1 << 12];

  MaskWork(EdgeTimes times, Fanout fanout) {
    this.graph = times.graph();
    this.times = times;
    this.fanout = fanout;
    ids.defaultReturnValue(-1);
  }

  @Override
  public Done run(int[] seeds, long batchSeed) {
    SplittableRandom random = new SplittableRandom(batchSeed);
    long[] seedTimes = seedTimes(times, seeds.length, batchSeed);
    ids.clear();
    long numEdges = 0;
    for (int i = 0; i < seeds.length; i++) {
      localId(seeds[i], i);
    }
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      int numDst = ids.size();
      int wanted = fanout.at(hop) == Fanout.ALL ? Integer.MAX_VALUE : fanout.at(hop);
      for (int i = 0; i < numDst; i++) {
        int count = mask(nodes[i], seedTimes[seedOf[i]]);
        int k = Math.min(count, wanted);
        for (int j = 0; j < k; j++) {
          int at = j + random.nextInt(count - j);
          int rank = eligible[at];
          eligible[at] = eligible[j];
          localId(graph.neighbor(graph.rowStart(nodes[i]) + rank), seedOf[i]);
        }
        numEdges += k;
      }
    }
    return new Done(ids.size(), numEdges, 0);
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

  private int mask(int node, long time) {
    long start = graph.rowStart(node);
    int degree = graph.degree(node);
    if (eligible.length < degree) {
      eligible = new int[2 * degree];
    }
    int count = 0;
    for (int rank = 0; rank < degree; rank++) {
      if (times.time(start + rank) < time) {
        eligible[count++] = rank;
      }
    }
    return count;
  }

  private void localId(int node, int seed) {
    int size = ids.size();
    if (ids.putIfAbsent((long) node << Integer.SIZE | seed, size) < 0) {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * size);
        seedOf = Arrays.copyOf(seedOf, 2 * size);
      }
      nodes[size] = node;
      seedOf[size] = seed;
    }
  }
}
