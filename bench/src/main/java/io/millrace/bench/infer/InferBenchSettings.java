package io.millrace.bench.infer;

import io.millrace.Require;
import io.millrace.sampler.Fanout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * What is inferred, and with how much.
 *
 * @param fanout of sampled inference
 * @param numNodes random nodes that are inferred by sampling
 * @param memoryBytes of each inference; sampled, of mapped files alone
 * @param numWorkers threads that prepare batches
 * @param numRounds inferences of each kind
 * @param seed of nodes and samples
 */
record InferBenchSettings(
    Fanout fanout, int numNodes, long memoryBytes, int numWorkers, int numRounds, long seed) {
  InferBenchSettings {
    Require.positive("--nodes", numNodes);
    Require.positive("--workers", numWorkers);
    Require.positive("--rounds", numRounds);
  }

  /** Those that are inferred by sampling; a node may, rarely, be there twice. */
  int[] nodes(int numNodesOfGraph) {
    return new Random(seed).ints(numNodes, 0, numNodesOfGraph).toArray();
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("fanout", fanout.toString());
    settings.put("nodes", numNodes);
    settings.put("memory_bytes", memoryBytes);
    settings.put("workers", numWorkers);
    settings.put("rounds", numRounds);
    settings.put("seed", seed);
    return settings;
  }
}
