package io.millrace.bench.epoch;

import io.millrace.Require;
import io.millrace.sampler.Fanout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is trained, and with how many threads.
 *
 * @param fanout neighbours per hop; the model has as many layers
 * @param hidden values per node between the layers
 * @param batchSize seeds per batch
 * @param numWorkers threads that prepare batches, where more than one may
 * @param computeThreads threads of the model's operations
 * @param numRounds epochs that are measured of each variant
 * @param seed seed of everything random
 */
record EpochSettings(
    Fanout fanout,
    int hidden,
    int batchSize,
    int numWorkers,
    int computeThreads,
    int numRounds,
    long seed) {
  EpochSettings {
    Require.positive("--hidden", hidden);
    Require.positive("--batch-size", batchSize);
    Require.positive("--workers", numWorkers);
    Require.positive("--compute-threads", computeThreads);
    Require.positive("--rounds", numRounds);
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("fanout", fanout.toString());
    settings.put("hidden", hidden);
    settings.put("batch_size", batchSize);
    settings.put("workers", numWorkers);
    settings.put("compute_threads", computeThreads);
    settings.put("rounds", numRounds);
    settings.put("seed", seed);
    return settings;
  }
}
