package io.millrace.tuning.model;

import java.util.List;

/**
 * The solution of a {@link ThroughputProgram}.
 *
 * @param batchesPerSecond the highest throughput
 * @param preparationCores cores that the stages use, a fraction
 * @param computeThreads cores that the model uses, a fraction
 * @param limits every resource with its use
 */
public record Optimum(
    double batchesPerSecond, double preparationCores, double computeThreads, List<Limit> limits) {
  public Optimum {
    limits = List.copyOf(limits);
  }
}
