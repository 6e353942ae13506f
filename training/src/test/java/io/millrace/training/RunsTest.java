package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.transfer.EpochStats;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunsTest {
  @Test
  void givesMeanAndUnbiasedDeviationOverTheSeeds() {
    Runs runs = Runs.run(3, seed -> result(0.5 + 0.1 * seed));
    assertEquals(0.6, runs.test().mean(), 1e-12);
    assertEquals(0.1, runs.test().std(), 1e-12); // sqrt((0.01 + 0 + 0.01) / 2)
    assertEquals(0.7, runs.valid().mean(), 1e-12);
    assertEquals(42, runs.numParameters());
    assertEquals(2, runs.epochSeconds(), 1e-12);
    assertEquals(0.25, runs.waitShare(), 1e-12);
  }

  @Test
  void aSingleRunHasNoDeviation() {
    assertEquals(new Runs.MeanStd(0.5, 0), Runs.run(1, _ -> result(0.5)).test());
  }

  @Test
  void rejectsNoRuns() {
    assertThrows(BadInputException.class, () -> Runs.run(0, _ -> result(0.5)));
  }

  @Test
  void theDigestDependsOnTheOrderOfTheEpochs() {
    EpochReport first = report(1, 1_000_000_000L, 0);
    EpochReport second = report(2, 1_000_000_000L, 0);
    assertEquals(31 + 2, of(first, second).batchesDigest());
    assertEquals(62 + 1, of(second, first).batchesDigest());
  }

  private static FitResult result(double test) {
    EpochReport slow = report(1, 3_000_000_000L, 1_000_000_000L);
    EpochReport fast = report(2, 1_000_000_000L, 0);
    Evaluation valid = Figures.evaluation(test + 0.1, 1, 100);
    Evaluation tested = Figures.evaluation(test, 1, 100);
    return new FitResult(
        Metric.ACCURACY,
        0,
        valid,
        Optional.of(tested),
        List.of(slow, fast),
        List.of(valid, valid),
        42,
        9);
  }

  private static FitResult of(EpochReport... epochs) {
    Evaluation none = Figures.evaluation(0, 0, 0);
    return new FitResult(
        Metric.ACCURACY, 0, none, Optional.of(none), List.of(epochs), List.of(), 42, 9);
  }

  private static EpochReport report(long digest, long wallNanos, long waitNanos) {
    EpochStats stats = new EpochStats(1, 1, 1, 1, 1, 1, 1, waitNanos, 0, wallNanos, digest);
    return new EpochReport(0, Figures.evaluation(0, 0, 0), 0.1, stats);
  }
}
