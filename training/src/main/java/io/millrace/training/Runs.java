package io.millrace.training;

import io.millrace.datasets.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/**
 * The same training with the seeds 0 to N-1, summed up as OGB's leaderboards do: mean and unbiased
 * standard deviation of the metric, 0 to 1.
 *
 * @param results in the order of the seeds, at least one
 */
public record Runs(List<FitResult> results) {
  public Runs {
    results = List.copyOf(results);
  }

  /**
   * Runs one after the other.
   *
   * @param training from seed to result
   */
  public static Runs run(int numRuns, LongFunction<FitResult> training) {
    if (numRuns < 1) {
      throw BadInputException.of("at least one run is needed", "runs", numRuns);
    }
    List<FitResult> results = new ArrayList<>();
    for (long seed = 0; seed < numRuns; seed++) {
      results.add(training.apply(seed));
    }
    return new Runs(results);
  }

  /** The metric on the validation nodes, after each run's best epoch. */
  public MeanStd valid() {
    return over(FitResult::validMetric);
  }

  /** The metric on the test nodes, with each run's best weights. */
  public MeanStd test() {
    return over(FitResult::testMetric);
  }

  /** The metric that all runs have been judged by. */
  public Metric metric() {
    return results.getFirst().metric();
  }

  public long numParameters() {
    return results.getFirst().numParameters();
  }

  /** Mean time of an epoch of training, without evaluation, over all runs. */
  public double epochSeconds() {
    return over(FitResult::epochSeconds).mean();
  }

  /** Mean share of the training time that the model waited for data, 0 to 1. */
  public double waitShare() {
    return over(FitResult::waitShare).mean();
  }

  private MeanStd over(ToDoubleFunction<FitResult> figure) {
    return MeanStd.of(results.stream().mapToDouble(figure).toArray());
  }
}
