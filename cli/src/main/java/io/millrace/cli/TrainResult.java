package io.millrace.cli;

import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.MeanStd;
import io.millrace.training.Runs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code train} prints and writes as JSON. Accuracies in JSON are fractions; epochs count from
 * 0 there, as indices into the losses, and from 1 where a person reads them.
 */
final class TrainResult {
  private TrainResult() {}

  static void print(String title, Runs runs, int numEpochs, CommonOptions common, Output output) {
    int numRuns = runs.results().size();
    if (numRuns == 1) {
      output.result("%s: %s", title, summary(runs.results().getFirst(), numEpochs));
    } else {
      output.result(
          "%s: test accuracy %s, valid %s (%d runs, seeds %d to %d)",
          title,
          accuracy(runs.testAccuracy()),
          accuracy(runs.validAccuracy()),
          numRuns,
          common.seed,
          common.seed + numRuns - 1);
    }
    output.result(
        "%s parameters, %.2f s per epoch, %.1f %% of it waiting for data",
        Text.count(runs.numParameters()), runs.epochSeconds(), 100 * runs.waitShare());
    if (common.debug) {
      output.result("batches digest %s", digest(runs));
    }
  }

  /** A run in a few words. */
  static String summary(FitResult run, int numEpochs) {
    return Text.format(
        "test accuracy %s, valid %s (best after epoch %d of %d)",
        Text.percent(run.test().accuracy()),
        Text.percent(run.valid().accuracy()),
        run.bestEpoch() + 1,
        numEpochs);
  }

  static Map<String, Object> json(Runs runs, long firstSeed) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("params", runs.numParameters());
    result.put("test_mean", runs.testAccuracy().mean());
    result.put("test_std", runs.testAccuracy().std());
    result.put("valid_mean", runs.validAccuracy().mean());
    result.put("valid_std", runs.validAccuracy().std());
    result.put("epoch_seconds", runs.epochSeconds());
    result.put("wait_share", runs.waitShare());
    result.put("batches_digest", digest(runs));
    List<Object> each = new ArrayList<>();
    for (FitResult run : runs.results()) {
      each.add(json(run, firstSeed + each.size()));
    }
    result.put("runs", each);
    return result;
  }

  private static Map<String, Object> json(FitResult run, long seed) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seed", seed);
    result.put("best_epoch", run.bestEpoch());
    result.put("valid", run.valid().accuracy());
    result.put("test", run.test().accuracy());
    result.put("epoch_seconds", run.epochSeconds());
    result.put("wait_share", run.waitShare());
    result.put("batches_digest", hex(run.batchesDigest()));
    result.put(
        "losses", run.epochs().stream().map(EpochReport::training).map(e -> e.loss()).toList());
    return result;
  }

  private static String accuracy(MeanStd value) {
    return Text.format("%s ± %.2f", Text.percent(value.mean()), 100 * value.std());
  }

  /** Of a single run its own digest; of several one that depends on each and on their order. */
  private static String digest(Runs runs) {
    return hex(
        runs.results().stream()
            .mapToLong(FitResult::batchesDigest)
            .reduce(0, (a, b) -> 31 * a + b));
  }

  private static String hex(long digest) {
    return Text.format("%016x", digest);
  }
}
