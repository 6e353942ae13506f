package io.millrace.cli.report;

import io.millrace.Internal;
import io.millrace.cli.command.Format;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * A sweep as one HTML page, {@code report.html}, that needs no other file and no network: learning
 * curves, parallel coordinates of settings and result, the front of time and metric, and all trials
 * in a table. Immutable.
 *
 * @param title of the page
 * @param summary the result in one sentence
 * @param metric its name in a sentence
 * @param figure the name of the metric in {@code epochs.jsonl}
 * @param higherIsBetter whether the best value of the metric is the highest
 * @param settings the names of settings that are not the same in all trials
 * @param trials the best first
 */
@Internal
public record SweepPage(
    String title,
    String summary,
    String metric,
    String figure,
    boolean higherIsBetter,
    List<String> settings,
    List<TrialPoint> trials) {
  private static final String NAME = "report.html";
  private static final int CURVES = 12;
  private static final int HEIGHT = 300;
  private static final double RADIUS = 3.5;

  /**
   * A trial.
   *
   * @param folder has its epochs; without a curve if it was deleted
   * @param state in a word
   * @param valid its best validation
   * @param seconds that its training took
   */
  @Internal
  public record TrialPoint(
      int number,
      Path folder,
      String state,
      Map<String, String> settings,
      OptionalDouble valid,
      int epochs,
      double seconds) {}

  /**
   * Writes the page.
   *
   * @param directory of the sweep
   * @throws io.millrace.BadInputException if epochs cannot be read or the page cannot be written
   */
  public void write(Path directory) {
    List<TrialPoint> known = trials.stream().filter(it -> it.valid().isPresent()).toList();
    Map<String, String> plots = new LinkedHashMap<>();
    String curves = "Validation " + metric + " of the best " + Math.min(CURVES, known.size());
    plots.put(curves, curves(curves, known));
    String front = "Time and validation " + metric;
    plots.put(front, front(front, known));
    String coordinates = "Settings and validation " + metric;
    String body =
        HtmlPage.paragraph(summary)
            + HtmlPage.plots(plots)
            + HtmlPage.section(
                coordinates,
                HtmlPage.paragraph(
                        "A line for each trial; the best one is orange, the better ones are dark.")
                    + ParallelCoordinates.svg(coordinates, settings, metric, known))
            + HtmlPage.section("Trials", HtmlTables.runs("settings", rows()));
    new HtmlPage(title, body).write(directory.resolve(NAME));
  }

  private String curves(String label, List<TrialPoint> known) {
    List<Plot.Curve> curves = new ArrayList<>();
    List<TrialPoint> kept = known.stream().filter(it -> SavedRun.isIn(it.folder())).toList();
    for (TrialPoint trial : kept.subList(0, Math.min(CURVES, kept.size()))) {
      SavedRun run = SavedRun.in(trial.folder());
      curves.add(new Plot.Curve("trial " + trial.number(), run.figure("valid_" + figure)));
    }
    return Plot.svg(label, curves);
  }

  /** Trials by time and metric; a line joins those than which none is both faster and better. */
  private String front(String label, List<TrialPoint> known) {
    XYSeries all = new XYSeries("trials");
    known.forEach(it -> all.add(it.seconds(), it.valid().getAsDouble()));
    XYSeries best = new XYSeries("none is both faster and better");
    frontOf(known).forEach(it -> best.add(it.seconds(), it.valid().getAsDouble()));
    XYSeriesCollection data = new XYSeriesCollection();
    data.addSeries(best);
    data.addSeries(all);
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    Shape dot = new Ellipse2D.Double(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS);
    Color[] colors = {Palette.curve(1), Palette.curve(0)};
    for (int i = 0; i < colors.length; i++) {
      renderer.setSeriesPaint(i, colors[i]);
      renderer.setSeriesShape(i, dot);
      renderer.setSeriesStroke(i, new BasicStroke(1.5f));
      renderer.setSeriesLinesVisible(i, i == 0);
    }
    NumberAxis range = Charts.axis(null);
    range.setAutoRangeIncludesZero(false);
    XYPlot plot = new XYPlot(data, Charts.axis("seconds of training"), range, null);
    JFreeChart chart = Charts.chart(plot);
    plot.setRenderer(renderer);
    return Charts.svg(chart, Charts.HALF_WIDTH, HEIGHT, label);
  }

  /** In the order of their times. */
  List<TrialPoint> frontOf(List<TrialPoint> known) {
    List<TrialPoint> front = new ArrayList<>();
    known.stream()
        .sorted((a, b) -> Double.compare(a.seconds(), b.seconds()))
        .forEach(
            it -> {
              if (front.isEmpty() || better(it, front.getLast())) {
                front.add(it);
              }
            });
    return front;
  }

  private boolean better(TrialPoint one, TrialPoint other) {
    double difference = one.valid().getAsDouble() - other.valid().getAsDouble();
    return higherIsBetter ? difference > 0 : difference < 0;
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("trial", "state", "epochs", metric, "seconds"));
    head.addAll(settings);
    rows.add(head);
    for (TrialPoint it : trials) {
      List<String> row = new ArrayList<>();
      row.add("trial " + it.number());
      row.add(it.state());
      row.add(String.valueOf(it.epochs()));
      row.add(it.valid().isPresent() ? Format.format("%.4f", it.valid().getAsDouble()) : "–");
      row.add(Format.format("%.2f", it.seconds()));
      settings.forEach(name -> row.add(it.settings().getOrDefault(name, "–")));
      rows.add(row);
    }
    return rows;
  }
}
