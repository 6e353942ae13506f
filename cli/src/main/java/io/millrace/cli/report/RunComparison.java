package io.millrace.cli.report;

import io.millrace.cli.command.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Saved trainings side by side: a table, and the learning curves of all in one plot. Immutable.
 *
 * @param runs by the names that they have on the page
 */
record RunComparison(LinkedHashMap<String, SavedRun> runs) {
  private static final String UNKNOWN = "–";

  /** What {@code run.json} has next to the settings. */
  private static final List<String> FACTS = List.of("dataset", "model", "device", "seed");

  /** The names of the settings that are not the same in all runs. */
  List<String> differing() {
    Set<String> names = new TreeSet<>();
    runs.values().forEach(run -> names.addAll(run.settings().keySet()));
    Set<String> all = new LinkedHashSet<>(FACTS);
    all.addAll(names);
    return all.stream().filter(this::differs).toList();
  }

  /** A setting that an older run does not have may be the default there. */
  private boolean differs(String name) {
    Set<String> values = new TreeSet<>();
    boolean missing = false;
    for (SavedRun run : runs.values()) {
      String value = setting(run, name);
      if (value != null) {
        values.add(value);
      } else {
        missing |= run.hasAllSettings();
      }
    }
    return values.size() > 1 || missing && !values.isEmpty();
  }

  private static String setting(SavedRun run, String name) {
    String value = run.settings().get(name);
    return value == null && FACTS.contains(name) ? run.text(name).orElse(null) : value;
  }

  /** The metric that all runs were selected by, or the accuracy. */
  private String metric() {
    Set<String> metrics = runs.values().stream().map(SavedRun::metric).collect(Collectors.toSet());
    return metrics.size() == 1 ? metrics.iterator().next() : "accuracy";
  }

  HtmlPage page() {
    String metric = metric();
    String valid = "Validation: " + metric.replace('_', ' ');
    Map<String, String> plots = new LinkedHashMap<>();
    plots.put(valid, plot(valid, "valid_" + metric));
    String validLoss = "Validation: loss (nats)";
    String trainLoss = "Training: loss (nats)";
    String seconds = "Time of an epoch (seconds)";
    plots.put(validLoss, plot(validLoss, "valid_loss"));
    plots.put(trainLoss, plot(trainLoss, "train_loss"));
    plots.put(seconds, plot(seconds, "seconds"));
    String title = runs.size() == 1 ? "A training" : runs.size() + " trainings";
    return new HtmlPage(title, results() + HtmlPage.plots(plots) + settings());
  }

  private String plot(String heading, String figure) {
    List<Plot.Curve> curves = new ArrayList<>();
    runs.forEach((name, run) -> curves.add(new Plot.Curve(name, run.figure(figure))));
    return Plot.svg(heading, curves);
  }

  /** A row for each run. */
  private String results() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "best epoch", "valid", "test", "seconds per epoch", "verdict"));
    runs.forEach(
        (name, run) ->
            rows.add(
                List.of(
                    name,
                    known(run.bestEpoch(), "%.0f") + " of " + run.epochs().size(),
                    known(run.valid(), "%.4f"),
                    known(run.number("test"), "%.4f"),
                    known(run.epochSeconds(), "%.3f"),
                    run.text("verdict_text").orElse(UNKNOWN))));
    return HtmlTables.runs("results", rows);
  }

  /** A row for each setting that is not the same in all runs, a column for each run. */
  private String settings() {
    List<List<String>> rows = new ArrayList<>();
    List<String> heads = new ArrayList<>(List.of("setting"));
    heads.addAll(runs.keySet());
    rows.add(heads);
    for (String name : differing()) {
      List<String> row = new ArrayList<>(List.of(name));
      runs.values().forEach(run -> row.add(Objects.toString(setting(run, name), UNKNOWN)));
      rows.add(row);
    }
    return rows.size() == 1
        ? HtmlPage.paragraph("The settings are the same.")
        : HtmlPage.section("Settings that differ", HtmlTables.runs("settings", rows));
  }

  private static String known(OptionalDouble value, String format) {
    return value.isPresent() ? Format.format(format, value.getAsDouble()) : UNKNOWN;
  }

  /** The table for JSON; what is not known is null. */
  List<Map<String, Object>> json() {
    List<String> differing = differing();
    List<Map<String, Object>> all = new ArrayList<>();
    runs.forEach(
        (name, run) -> {
          Map<String, Object> settings = new LinkedHashMap<>();
          differing.forEach(setting -> settings.put(setting, setting(run, setting)));
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("name", name);
          json.put("directory", run.directory().toString());
          json.put("settings", settings);
          json.put("epochs", run.epochs().size());
          json.put("best_epoch", orNull(run.bestEpoch()));
          json.put("valid", orNull(run.valid()));
          json.put("test", orNull(run.number("test")));
          json.put("epoch_seconds", orNull(run.epochSeconds()));
          json.put("verdict", run.text("verdict_text").orElse(null));
          all.add(json);
        });
    return all;
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
