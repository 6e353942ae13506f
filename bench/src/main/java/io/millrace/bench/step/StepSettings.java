package io.millrace.bench.step;

import io.millrace.Require;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is computed, and how often.
 *
 * @param hidden values per node between the layers
 * @param computeThreads threads of the model's operations
 * @param numRounds steps of each variant that are measured
 * @param seed of layers, features and first weights
 */
record StepSettings(int hidden, int computeThreads, int numRounds, long seed) {
  /** Columns of the features and classes of ogbn-products. */
  static final int INPUT_DIM = 100;

  static final int NUM_CLASSES = 47;

  StepSettings {
    Require.positive("--hidden", hidden);
    Require.positive("--compute-threads", computeThreads);
    Require.positive("--rounds", numRounds);
  }

  int[] widths() {
    return new int[] {INPUT_DIM, hidden, hidden, NUM_CLASSES};
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("widths", widths());
    settings.put("compute_threads", computeThreads);
    settings.put("rounds", numRounds);
    settings.put("seed", seed);
    return settings;
  }
}
