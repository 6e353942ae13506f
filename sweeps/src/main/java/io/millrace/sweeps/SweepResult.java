package io.millrace.sweeps;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The result of a sweep.
 *
 * @param best the trial whose validation was best after one of its epochs
 * @param test the metric on the test nodes with the weights of that epoch; empty if none has a
 *     label
 * @param folder has the model of the best trial
 * @param trials all, the best first
 * @param epochs that all trials together have trained
 * @param batches that trials in parallel have shared in this run; 0 if they share none
 */
public record SweepResult(
    TrialRow best,
    OptionalDouble test,
    Path folder,
    List<TrialRow> trials,
    int epochs,
    BatchCounts batches) {
  /** The metric of the best trial on the validation nodes. */
  public double bestValid() {
    return best.valid().orElseThrow();
  }
}
