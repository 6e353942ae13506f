package io.millrace.bench.slicer;

import io.millrace.bench.harness.Positive;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is gathered, and how often.
 *
 * @param batchRows rows per batch
 * @param numBatches batches per round, for each thread
 * @param numRounds rounds that are measured
 * @param seed what the rows follow from
 * @param maxThreads threads at most
 */
record GatherSettings(int batchRows, int numBatches, int numRounds, long seed, int maxThreads) {
  GatherSettings {
    Positive.require("--batch-rows", batchRows);
    Positive.require("--batches", numBatches);
    Positive.require("--rounds", numRounds);
    Positive.require("--workers", maxThreads);
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
