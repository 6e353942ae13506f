package io.millrace.bench.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sampling as one would first write it, node by node, with a map from fastutil; what is drawn from
 * a row is the subclass's. Each thread has its own.
 */
abstract class PlainWork implements Work {
  final CsrGraph graph;
  private final Fanout fanout;
  private final boolean treePerSeed;
  private final Long2IntOpenHashMap ids = new Long2IntOpenHashMap();
  private int[] nodes = new int[1 << 12];
  private int[] seedOf = new int[1 << 12];

  /** The ranks drawn from a row. */
  int[] ranks = new int[1 << 12];

  /**
   * @param treePerSeed whether a node that two seeds reach is two
   */
  PlainWork(CsrGraph graph, Fanout fanout, boolean treePerSeed) {
    this.graph = graph;
    this.fanout = fanout;
    this.treePerSeed = treePerSeed;
    ids.defaultReturnValue(-1);
  }

  /** A batch begins. */
  abstract void begin(int numSeeds, long batchSeed);

  /**
   * Draws from a row into {@link #ranks}, which it makes long enough.
   *
   * @param seed whose tree the node belongs to
   * @return how many
   */
  abstract int draw(int node, int seed, int wanted, SplittableRandom random);

  @Override
  public final Done run(int[] seeds, long batchSeed) {
    SplittableRandom random = new SplittableRandom(batchSeed);
    begin(seeds.length, batchSeed);
    ids.clear();
    for (int i = 0; i < seeds.length; i++) {
      localId(seeds[i], treePerSeed ? i : 0);
    }
    long numEdges = 0;
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      int numDst = ids.size();
      int wanted = fanout.at(hop) == Fanout.ALL ? Integer.MAX_VALUE : fanout.at(hop);
      for (int i = 0; i < numDst; i++) {
        int count = draw(nodes[i], seedOf[i], wanted, random);
        for (int j = 0; j < count; j++) {
          localId(graph.neighbor(graph.rowStart(nodes[i]) + ranks[j]), seedOf[i]);
        }
        numEdges += count;
      }
    }
    return new Done(ids.size(), numEdges, 0);
  }

  final void ensureRanks(int count) {
    if (ranks.length < count) {
      ranks = new int[2 * count];
    }
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
