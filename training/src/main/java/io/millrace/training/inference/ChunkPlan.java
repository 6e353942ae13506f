package io.millrace.training.inference;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.BatchRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Some shards' nodes, in their order, cut into blocks: a function of (graph, nodes, shards, size of
 * a block), so that whoever computes a shard, and whenever, computes the same blocks.
 *
 * <p>A block's batch is what a pipeline prepares, {@code repeats} times, each with a random seed of
 * its own. A node whose row alone is larger than a block is one by itself and has no batch: {@link
 * HighDegreeRow} computes it. Immutable; all threads share it.
 */
final class ChunkPlan implements BatchPlan {
  /**
   * A run of nodes of one shard.
   *
   * @param begin the first one
   * @param end behind the last one
   * @param isLong whether it is a node whose row has to be split
   */
  record Block(int shard, int begin, int end, boolean isLong) {}

  /** Whether a block may have so many nodes and edges. */
  @FunctionalInterface
  interface Limit {
    boolean fits(int numNodes, long numEdges);
  }

  private final NodeSet nodes;
  private final int repeats;
  private final long runSeed;
  private final List<Block> blocks = new ArrayList<>();
  private final List<Block> batches = new ArrayList<>();

  ChunkPlan(
      CsrGraph graph,
      NodeSet nodes,
      NodeRanges shards,
      List<Integer> chosen,
      Limit limit,
      int repeats,
      long runSeed) {
    this.nodes = nodes;
    this.repeats = repeats;
    this.runSeed = runSeed;
    for (int shard : chosen) {
      cut(graph, shard, shards.begin(shard), shards.end(shard), limit);
    }
    blocks.stream().filter(block -> !block.isLong).forEach(batches::add);
  }

  private void cut(CsrGraph graph, int shard, int shardBegin, int shardEnd, Limit limit) {
    int begin = nodes.next(shardBegin);
    int numNodes = 0;
    long numEdges = 0;
    for (int v = begin; v < shardEnd; v = nodes.next(v + 1)) {
      int degree = graph.degree(v);
      if (numNodes > 0 && !limit.fits(numNodes + 1, numEdges + degree)) {
        blocks.add(new Block(shard, begin, v, false));
        begin = v;
        numNodes = 0;
        numEdges = 0;
      }
      numNodes++;
      numEdges += degree;
      if (numNodes == 1 && !limit.fits(1, degree)) {
        blocks.add(new Block(shard, v, v + 1, true));
        begin = nodes.next(v + 1);
        numNodes = 0;
        numEdges = 0;
      }
    }
    if (numNodes > 0) {
      blocks.add(new Block(shard, begin, shardEnd, false));
    }
  }

  List<Block> blocks() {
    return blocks;
  }

  int[] nodes(Block block) {
    return nodes.between(block.begin, block.end);
  }

  /** Batches of a block that is not long. */
  int repeats() {
    return repeats;
  }

  @Override
  public int number() {
    return 0;
  }

  @Override
  public int numBatches() {
    return Math.multiplyExact(batches.size(), repeats);
  }

  @Override
  public int[] seeds(int batch) {
    return nodes(batches.get(batch / repeats));
  }

  /** Keyed by the block's first node, which no other block has, whatever shards are chosen. */
  @Override
  public long batchSeed(int batch) {
    return BatchRandom.batchSeed(runSeed, batch % repeats, batches.get(batch / repeats).begin);
  }
}
