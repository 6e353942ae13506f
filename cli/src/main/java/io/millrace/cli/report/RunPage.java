package io.millrace.cli.report;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.metrics.ConfusionMatrix;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A saved training as one HTML page, {@code report.html}, that needs no other file and no network:
 * result and verdict, learning curves, throughput and memory over the epochs, utilisation of
 * threads and stages, a timeline, the confusion matrix of the classes, and the settings.
 *
 * <p>Immutable. The next classes to read are {@code Plot} and {@code TimelineChart}.
 *
 * @param summary the result in one sentence
 * @param metrics of the epochs, without the warm-up
 * @param timeline of some batches; may be empty
 * @param confusion of the test nodes
 */
@Internal
public record RunPage(
    String title,
    String summary,
    PipelineMetrics metrics,
    List<Span> timeline,
    Optional<ConfusionMatrix> confusion) {
  private static final String NAME = "report.html";
  private static final double MEBI = 1 << 20;

  /**
   * Writes the page next to the other files of the training.
   *
   * @throws BadInputException if they cannot be read or the page cannot be written
   */
  public void write(Path directory) {
    page(SavedRun.in(directory)).write(directory.resolve(NAME));
  }

  /** Whether a training of so many epochs has left {@code run.json} and, after it, its page. */
  public static boolean isWritten(Path directory, int epochs) {
    Path page = directory.resolve(NAME);
    Path summary = directory.resolve(SavedRun.SUMMARY);
    try {
      return Files.exists(page)
          && Files.exists(summary)
          && SavedRun.in(directory).number("epochs").equals(OptionalDouble.of(epochs))
          && Files.getLastModifiedTime(page).compareTo(Files.getLastModifiedTime(summary)) >= 0;
    } catch (IOException e) {
      throw IoErrors.cannotRead(directory, e);
    }
  }

  private HtmlPage page(SavedRun run) {
    String metric = run.text("metric_title").orElseGet(run::metric);
    Map<String, String> settings = run.settings();
    String verdict =
        run.text("verdict_text")
            .map(it -> "<p class=\"verdict\">" + HtmlPage.escaped(it) + "</p>\n")
            .orElse("");
    String body =
        HtmlPage.paragraph(summary)
            + verdict
            + HtmlPage.plots(curves(run, first(metric)))
            + utilisationSection()
            + timelineSection()
            + confusion.map(HtmlTables::confusion).orElse("")
            + HtmlPage.section("Settings", HtmlTables.settings(settings));
    return new HtmlPage(title, body);
  }

  private static Map<String, String> curves(SavedRun run, String metric) {
    Map<String, String> plots = new LinkedHashMap<>();
    put(plots, metric, curve(run, "validation", "valid_" + run.metric()));
    put(
        plots,
        "Loss (nats)",
        curve(run, "training, dropout on", "train_loss"),
        curve(run, "validation", "valid_loss"));
    put(plots, "Learning rate", curve(run, "learning rate", "learning_rate"));
    put(plots, "Throughput (batches per second)", new Plot.Curve("training", throughput(run)));
    put(
        plots,
        "Time of an epoch (seconds)",
        curve(run, "all", "seconds"),
        curve(run, "model waits for data", "wait_seconds"),
        curve(run, "workers sample", "sample_seconds"),
        curve(run, "workers slice", "slice_seconds"));
    put(plots, "Resident memory (MiB)", new Plot.Curve("process", memory(run)));
    return plots;
  }

  private static void put(Map<String, String> plots, String heading, Plot.Curve... curves) {
    plots.put(heading, Plot.svg(heading, List.of(curves)));
  }

  private static String first(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static Plot.Curve curve(SavedRun run, String name, String figure) {
    return new Plot.Curve(name, run.figure(figure));
  }

  private static SortedMap<Integer, Double> throughput(SavedRun run) {
    SortedMap<Integer, Double> seconds = run.figure("seconds");
    SortedMap<Integer, Double> rate = new TreeMap<>(run.figure("batches"));
    rate.keySet().retainAll(seconds.keySet());
    rate.replaceAll((epoch, batches) -> batches / seconds.get(epoch));
    return rate;
  }

  private static SortedMap<Integer, Double> memory(SavedRun run) {
    SortedMap<Integer, Double> memory = run.figure("resident_bytes");
    memory.replaceAll((_, bytes) -> bytes / MEBI);
    return memory;
  }

  private String utilisationSection() {
    String heading = "Utilisation";
    if (metrics.wallNanos() == 0) {
      return HtmlPage.section(
          heading,
          HtmlPage.paragraph("The training was too short: the first batches are not measured."));
    }
    return HtmlPage.section(
        heading,
        HtmlPage.paragraph(
                "What each thread did during the epochs, without the first batches. What is blank"
                    + " belongs to no stage. Workers that wait for room are faster than the model;"
                    + " a consumer that waits for data is faster than the workers.")
            + UtilisationChart.threads(metrics)
            + HtmlPage.paragraph(
                "CPU time and wall time of the stages. Wall time beyond the CPU time is where a"
                    + " thread waits for a core, for memory pages, for the disk or for threads of"
                    + " libtorch. Their CPU time is in the last bar, with that of the garbage"
                    + " collector and the compiler.")
            + UtilisationChart.stages(metrics));
  }

  private String timelineSection() {
    return timeline.isEmpty()
        ? ""
        : HtmlPage.section(
            "Timeline",
            HtmlPage.paragraph(
                    "The first batches after the warm-up; --trace writes the whole training.")
                + TimelineChart.svg(timeline));
  }
}
