package io.millrace.cli.train;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Machine;
import io.millrace.cli.command.Output;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.Runs;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code train} prints and writes as JSON. Metrics in JSON are fractions; epochs count from 1,
 * as everywhere in the command's output.
 */
final class TrainResult {
  private TrainResult() {}

  static void print(String model, String dataset, Runs runs, CommonOptions common, Output output) {
    int numRuns = runs.results().size();
    if (numRuns == 1) {
      output.result("%s on %s: %s", model, dataset, summary(runs.results().getFirst()));
    } else {
      output.result(
          "%s on %s (%d runs, seeds %d to %d), test at the best validation epoch:",
          model, dataset, numRuns, common.seed, common.seed + numRuns - 1);
      ogbTable(model, runs).forEach(line -> output.result("%s", line));
    }
    output.result(
        "%s parameters, %.2f s per epoch, %.1f %% of it waiting for data",
        Format.count(runs.numParameters()), runs.epochSeconds(), 100 * runs.waitShare());
    if (common.debug) {
      output.result("batches digest %s", digest(runs));
    }
  }

  /** The mean and the standard deviation (unbiased), as on OGB's leaderboards, as fractions. */
  private static List<String> ogbTable(String model, Runs runs) {
    String metric = runs.metric().title();
    String test = runs.tested() ? fraction(runs.test()) : "none";
    return List.of(
        Format.format("| method | test %s | valid %s | parameters | hardware |", metric, metric),
        "|---|---|---|---|---|",
        Format.format(
            "| %s | %s | %s | %s | %s |",
            model,
            test,
            fraction(runs.valid()),
            Format.count(runs.numParameters()),
            Machine.cpu()));
  }

  private static String fraction(Runs.MeanStd value) {
    return Format.format("%.4f ± %.4f", value.mean(), value.std());
  }

  /** A short description of a run. */
  static String summary(FitResult run) {
    String best =
        Format.format(
            "%s (best after epoch %d of %d)",
            text(run.metric(), run.validMetric()), run.bestEpoch() + 1, run.epochs().size());
    String metric = run.metric().title();
    return run.tested().isPresent()
        ? Format.format("test %s %s, valid %s", metric, text(run.metric(), run.testMetric()), best)
        : Format.format("no test nodes with labels, valid %s %s", metric, best);
  }

  /** A value of a metric: in percent, if it is a share. */
  static String text(Metric metric, double value) {
    return metric.isFraction() ? Format.percent(value) : Format.format("%.4f", value);
  }

  static Map<String, Object> json(Runs runs, long firstSeed) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("params", runs.numParameters());
    result.put("hardware", Machine.cpu());
    result.put("metric", ObjectiveText.text(runs.metric()));
    if (runs.tested()) {
      result.put("test_mean", runs.test().mean());
      result.put("test_std", runs.test().std());
    }
    result.put("valid_mean", runs.valid().mean());
    result.put("valid_std", runs.valid().std());
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

  /** A run, as in JSON. */
  static Map<String, Object> json(FitResult run, long seed) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seed", seed);
    result.put("best_epoch", run.bestEpoch() + 1);
    result.put("epochs", run.epochs().size());
    result.put("valid", run.validMetric());
    run.tested()
        .ifPresent(
            test -> {
              result.put("test", run.testMetric());
              result.put("test_metrics", test.metrics());
            });
    result.put("epoch_seconds", run.epochSeconds());
    result.put("wait_share", run.waitShare());
    result.put("batches_digest", hex(run.batchesDigest()));
    result.put(
        "losses", run.epochs().stream().map(EpochReport::training).map(e -> e.loss()).toList());
    return result;
  }

  /** The digest of a single run, or a digest of all runs' digests in their order. */
  private static String digest(Runs runs) {
    return hex(
        runs.results().stream()
            .mapToLong(FitResult::batchesDigest)
            .reduce(0, (a, b) -> 31 * a + b));
  }

  private static String hex(long digest) {
    return Format.format("%016x", digest);
  }
}
