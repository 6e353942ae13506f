package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.cli.command.Format;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A training as one HTML page, {@code report.html}, that needs no other file and no network:
 * result, settings, learning curves, the time of each phase, and the confusion matrix of the
 * classes.
 *
 * <p>Immutable. The next classes to read are {@link Plot} and {@link HtmlTables}.
 *
 * @param title a short title
 * @param settings values by the settings' names
 */
record HtmlReport(String title, Map<String, Object> settings, FitResult result) {
  private static final String NAME = "report.html";

  private static final String STYLE =
      """
      body { font: 15px/1.5 sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em; }
      table { border-collapse: collapse; } td, th { padding: .1em .8em; text-align: right; }
      th { font-weight: normal; color: #555; } .matrix td { padding: .1em .4em; font-size: 12px; }
      svg { width: 100%; height: auto; font-family: sans-serif; font-size: 12px; }
      """;

  /**
   * @throws BadInputException if the page cannot be written
   */
  void write(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      AtomicFile.write(file, page(), false);
    } catch (IOException e) {
      throw BadInputException.of("report cannot be written", "file", file, "cause", e);
    }
  }

  String page() {
    String metric = result.metric().title();
    return """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>%s</title><style>
    %s</style></head><body>
    <h1>%s</h1>
    <p>%s. %s parameters, %.1f s.</p>
    <h2>%s</h2>%s
    <h2>Loss (nats)</h2>%s
    <h2>Learning rate</h2>%s
    <h2>Time of an epoch (seconds)</h2>
    <p>The model waits where the workers that prepare the batches are slower than it. They work
    next to it; their time is the sum over all of them.</p>%s
    %s<h2>Settings</h2>
    %s
    </body></html>
    """
        .formatted(
            HtmlTables.escaped(title),
            STYLE,
            HtmlTables.escaped(title),
            TrainResult.summary(result),
            Format.count(result.numParameters()),
            result.seconds(),
            metric,
            Plot.svg(metricCurves()),
            Plot.svg(lossCurves()),
            Plot.svg(List.of(epochs("learning rate", EpochReport::learningRate))),
            Plot.svg(timeCurves()),
            confusion(),
            HtmlTables.settings(settings));
  }

  private List<Plot.Curve> metricCurves() {
    return List.of(validations("validation", result.metric()::of));
  }

  private List<Plot.Curve> lossCurves() {
    return List.of(
        epochs("training, dropout on", it -> it.training().loss()),
        validations("validation", Evaluation::loss));
  }

  private List<Plot.Curve> timeCurves() {
    return List.of(
        epochs("all", EpochReport::seconds),
        epochs("model waits for data", it -> it.stats().consumerWaitNanos() / 1e9),
        epochs("workers sample", it -> it.stats().sampleNanos() / 1e9),
        epochs("workers slice", it -> it.stats().sliceNanos() / 1e9));
  }

  private Plot.Curve epochs(String name, ToDoubleFunction<EpochReport> figure) {
    return new Plot.Curve(name, result.epochs().stream().mapToDouble(figure).boxed().toList());
  }

  private Plot.Curve validations(String name, ToDoubleFunction<Evaluation> figure) {
    return new Plot.Curve(name, result.validations().stream().mapToDouble(figure).boxed().toList());
  }

  private String confusion() {
    return result.tested().flatMap(Evaluation::confusion).map(HtmlTables::confusion).orElse("");
  }
}
