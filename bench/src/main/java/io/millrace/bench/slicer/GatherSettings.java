package io.millrace.bench.slicer;

import io.millrace.Require;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is gathered, and how often.
 *
 * @param batchRows rows per batch
 * @param numBatches batches per round, for each thread
 * @param numRounds rounds that are measured
 * @param seed seed of the rows
 * @param maxThreads threads at most
 */
record GatherSettings(int batchRows, int numBatches, int numRounds, long seed, int maxThreads) {
  GatherSettings {
    Require.positive("--batch-rows", batchRows);
    Require.positive("--batches", numBatches);
    Require.positive("--rounds", numRounds);
    Require.positive("--workers", maxThreads);
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("batch_rows", batchRows);
    settings.put("batches", numBatches);
    settings.put("rounds", numRounds);
    settings.put("seed", seed);
    settings.put("workers", maxThreads);
    return settings;
  }
}
