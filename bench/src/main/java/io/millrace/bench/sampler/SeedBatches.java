package io.millrace.bench.sampler;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.draw.BatchRandom;
import java.util.Optional;

/**
 * The seeds of any number of batches: random nodes that have neighbours, of the train split if
 * there is one. A batch follows from (dataset, batch size, run seed, number) alone. Immutable; all
 * threads share it.
 */
final class SeedBatches {
  private final CsrGraph graph;
  private final Optional<int[]> pool;
  private final int batchSize;
  private final long runSeed;

  private SeedBatches(CsrGraph graph, Optional<int[]> pool, int batchSize, long runSeed) {
    this.graph = graph;
    this.pool = pool;
    this.batchSize = batchSize;
    this.runSeed = runSeed;
  }

  static SeedBatches of(GraphDataset data, int batchSize, long runSeed) {
    Optional<int[]> train =
        data.hasSplit(Split.TRAIN) ? Optional.of(data.nodes(Split.TRAIN)) : Optional.empty();
    SeedBatches batches = new SeedBatches(data.graph(), train, batchSize, runSeed);
    batches.requireNeighbors(data.name());
    return batches;
  }

  private void requireNeighbors(String dataset) {
    for (int i = 0; i < poolSize(); i++) {
      if (graph.degree(node(i)) > 0) {
        return;
      }
    }
    throw BadInputException.of("no seed has a neighbour", "dataset", dataset);
  }

  /** Global ids; a node may, rarely, be there twice. */
  int[] seeds(int batch) {
    int[] seeds = new int[batchSize];
    long key = BatchRandom.key(batchSeed(batch), 0); // hops count from 1
    int count = 0;
    for (int draw = 0; count < batchSize; draw++) {
      int node = node(BatchRandom.bounded(key, draw, poolSize()));
      if (graph.degree(node) > 0) {
        seeds[count++] = node;
      }
    }
    return seeds;
  }

  long batchSeed(int batch) {
    return BatchRandom.batchSeed(runSeed, 0, batch);
  }

  private int poolSize() {
    return pool.map(nodes -> nodes.length).orElse(graph.numNodes());
  }

  private int node(int index) {
    return pool.isPresent() ? pool.get()[index] : index;
  }
}
