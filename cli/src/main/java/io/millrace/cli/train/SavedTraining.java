package io.millrace.cli.train;

import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.report.RunFile;
import io.millrace.cli.report.RunPage;
import io.millrace.training.FitResult;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Span;
import io.millrace.tuning.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what a training leaves when it ends: {@code run.json}, and {@code report.html} from it.
 * Immutable.
 *
 * @param dataset its name
 * @param seed of this run
 */
record SavedTraining(String dataset, TrainOptions options, TorchDevice device, long seed) {

  /**
   * @param directory where the epochs are logged
   * @param timeline of some batches
   */
  void write(
      Path directory,
      FitResult result,
      Verdict verdict,
      PipelineMetrics metrics,
      List<Span> timeline,
      Output output) {
    RunFile.write(directory, summary(result, verdict, metrics));
    String about =
        Format.format(
            "%s. %s parameters, %.1f s.",
            TrainResult.summary(result), Format.count(result.numParameters()), result.seconds());
    RunPage page =
        new RunPage(
            model() + " on " + dataset + ", seed " + seed,
            about,
            metrics,
            timeline,
            result.tested().flatMap(Evaluation::confusion));
    try {
      page.write(directory);
    } catch (RuntimeException | Error e) { // AWT needs fonts; the training is kept without a page
      output.note("report.html is left out: %s", e);
    }
  }

  private String model() {
    return EnumOptions.label(options.model.kind);
  }

  private Map<String, Object> summary(FitResult result, Verdict verdict, PipelineMetrics metrics) {
    Map<String, Object> settings = options.settings();
    long numWorkers =
        metrics.tracks().keySet().stream().filter(it -> !it.equals(PipelineTrace.CONSUMER)).count();
    if (numWorkers > 0) {
      settings.put("workers", numWorkers);
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("dataset", dataset);
    summary.put("model", model());
    summary.put("device", device.name());
    summary.put("settings", settings);
    summary.put("metric", result.metric().key());
    summary.put("metric_title", result.metric().title());
    summary.put("parameters", result.numParameters());
    summary.put("seconds", result.seconds());
    summary.putAll(TrainResult.json(result, seed));
    summary.remove("losses"); // in epochs.jsonl
    summary.put("verdict", verdict.json());
    summary.put("verdict_text", verdict.text().isEmpty() ? null : verdict.text());
    summary.put("pipeline", RunFile.json(metrics));
    return summary;
  }
}
