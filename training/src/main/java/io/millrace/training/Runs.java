package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.training.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/**
 * The same training with several seeds, summarized as on OGB's leaderboards: mean and unbiased
 * standard deviation of the metric, 0 to 1.
 *
 * @param results in the order of the runs, at least one
 */
public record Runs(List<FitResult> results) {
  /**
   * Mean and unbiased standard deviation of a figure over several runs.
   *
   * @param std divided by {@code n - 1}; 0 for a single run
   */
  public record MeanStd(double mean, double std) {
    private static MeanStd of(double... values) {
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(it -> (it - mean) * (it - mean)).sum();
      return new MeanStd(mean, values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)));
    }
  }

  public Runs {
    results = List.copyOf(results);
  }

  /**
   * Runs one after the other.
   *
   * @param training from the run's number, 0 to {@code numRuns - 1}, to its result; OGB's rules
   *     take the number for the seed
   */
  public static Runs run(int numRuns, LongFunction<FitResult> training) {
    if (numRuns < 1) {
      throw BadInputException.of("at least one run is needed", "runs", numRuns);
    }
    List<FitResult> results = new ArrayList<>();
    for (long run = 0; run < numRuns; run++) {
      results.add(training.apply(run));
    }
    return new Runs(results);
  }

  /** The metric on the validation nodes, after each run's best epoch. */
  public MeanStd valid() {
    return over(FitResult::validMetric);
  }

  /** Whether there were test nodes with labels. */
  public boolean tested() {
    return results.getFirst().tested().isPresent();
  }

  /**
   * The metric on the test nodes, with each run's best weights.
   *
   * @throws IllegalStateException if not {@link #tested}
   */
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
