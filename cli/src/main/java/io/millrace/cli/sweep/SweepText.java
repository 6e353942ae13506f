package io.millrace.cli.sweep;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.report.SweepPage;
import io.millrace.cli.train.TrainLine;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.TrialRow;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.metrics.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code sweep} prints and writes as JSON. It has no times, so that a sweep that was killed
 * and resumed prints the same. Immutable.
 *
 * @param varying the names of settings that are not the same in all trials
 */
record SweepText(SweepResult result, List<String> varying, Metric metric) {
  private static final String NONE = "-";

  void print(Output output) {
    List<List<String>> rows = rows();
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : "  ").append(row.get(i));
        line.append(" ".repeat(widths[i] - row.get(i).length()));
      }
      output.result("%s", line.toString().stripTrailing());
    }
    output.result("%s", summary());
    output.result("model: %s", result.folder());
  }

  private String summary() {
    TrialRow best = result.best();
    return Format.format(
        "best: trial %d, valid %s %s after epoch %d%s; %d epochs in all",
        best.trial().number(),
        metric.title(),
        TrainLine.text(metric, result.bestValid()),
        best.bestEpoch(),
        result.test().isPresent()
            ? ", test " + TrainLine.text(metric, result.test().getAsDouble())
            : ", no test nodes with labels",
        result.epochs());
  }

  /** Writes {@code report.html} into the folder of the sweep. */
  void writePage(String dataset, Path out, Output output) {
    List<SweepPage.TrialPoint> points = new ArrayList<>();
    for (TrialRow row : result.trials()) {
      points.add(
          new SweepPage.TrialPoint(
              row.trial().number(),
              result.folder().resolveSibling(Format.format("trial-%03d", row.trial().number())),
              state(row),
              row.trial().settings(),
              row.valid(),
              row.epochs(),
              row.seconds()));
    }
    SweepPage page =
        new SweepPage(
            result.trials().size() + " trials on " + dataset,
            summary(),
            metric.title(),
            metric.key(),
            metric.higherIsBetter(),
            varying,
            points);
    try {
      page.write(out);
    } catch (RuntimeException | Error e) { // AWT needs fonts; the sweep is kept without a page
      output.note("report.html is left out: %s", e);
    }
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(List.of("trial", "state", "epochs", "best", "valid " + metric.title()));
    head.addAll(varying);
    rows.add(head);
    for (TrialRow it : result.trials()) {
      List<String> row = new ArrayList<>();
      row.add(String.valueOf(it.trial().number()));
      row.add(state(it));
      row.add(String.valueOf(it.epochs()));
      row.add(it.bestEpoch() == 0 ? NONE : String.valueOf(it.bestEpoch()));
      row.add(it.valid().isPresent() ? TrainLine.text(metric, it.valid().getAsDouble()) : NONE);
      varying.forEach(name -> row.add(it.trial().settings().getOrDefault(name, NONE)));
      rows.add(row);
    }
    return rows;
  }

  private static String state(TrialRow row) {
    return row.state().name().toLowerCase(Locale.ROOT);
  }

  /** Metrics as fractions; epochs count from 1. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", "sweep");
    json.put("metric", ObjectiveText.text(metric));
    json.put("best_valid", result.bestValid());
    json.put("best", json(result.best()));
    json.put("test", result.test().isPresent() ? result.test().getAsDouble() : null);
    json.put("trials", result.trials().stream().map(SweepText::json).toList());
    json.put("epochs", result.epochs());
    return json;
  }

  private static Map<String, Object> json(TrialRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trial", row.trial().number());
    json.put("seed", row.trial().seed());
    json.put("settings", row.trial().settings());
    json.put("state", state(row));
    json.put("epochs", row.epochs());
    json.put("best_epoch", row.bestEpoch() == 0 ? null : row.bestEpoch());
    json.put("valid", row.valid().isPresent() ? row.valid().getAsDouble() : null);
    row.error().ifPresent(error -> json.put("error", error));
    return json;
  }
}
