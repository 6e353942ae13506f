package io.millrace.cli.train;

import io.millrace.Progress;
import io.millrace.cli.command.Output;
import io.millrace.tuning.Choice;
import io.millrace.tuning.TuneResult;
import io.millrace.tuning.Tuner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well the model of {@code tune} predicts settings that it was not made from.
 *
 * @param points in the order in which they were measured
 * @param chosenRate measured for the chosen setting, in turns with the best of the grid
 * @param bestRate measured for the setting that was the best of the grid
 */
record GridCheck(List<Point> points, double chosenRate, double bestRate) {
  /** Batches per second of a choice. */
  record Point(Choice choice, double predicted, double measured) {
    double error() {
      return Math.abs(predicted - measured) / measured;
    }
  }

  /** Measures the grid, and then the chosen setting next to the best of the grid. */
  static GridCheck measure(Tuner tuner, TuneResult result, Progress progress) {
    Map<Choice, Double> grid = tuner.grid(result, progress);
    if (grid.isEmpty()) {
      return new GridCheck(List.of(), result.measuredRate(), Double.NaN);
    }
    Map<Choice, Double> compared = tuner.compare(result, grid, progress);
    return new GridCheck(
        points(result, grid), compared.get(result.chosen()), compared.get(Tuner.best(grid)));
  }

  private static List<Point> points(TuneResult result, Map<Choice, Double> measured) {
    List<Point> points = new ArrayList<>();
    measured.forEach(
        (choice, rate) -> {
          double predicted = result.model().batchesPerSecond(choice.setting());
          points.add(new Point(choice, predicted, rate));
        });
    return points;
  }

  /** Must not be empty, as the other figures. */
  private double medianError() {
    return points.stream().mapToDouble(Point::error).sorted().toArray()[points.size() / 2];
  }

  private Point worst() {
    return points.stream().max(Comparator.comparingDouble(Point::error)).orElseThrow();
  }

  void print(Output output) {
    output.result("");
    if (points.isEmpty()) {
      output.result("the memory does not hold the batches of any setting of the grid");
      return;
    }
    output.result("predicted  measured  batches/s of a grid");
    for (Point point : points) {
      output.result("%9.1f %9.1f  %s", point.predicted(), point.measured(), point.choice());
    }
    output.result(
        "predictions are off by %.0f %% in the median, by %.0f %% at worst (%s)",
        100 * medianError(), 100 * worst().error(), worst().choice());
    output.result(
        "measured again in turns, the chosen setting reaches %.2fx the best of the grid",
        chosenRate / bestRate);
  }

  Map<String, Object> json() {
    List<Object> all = new ArrayList<>();
    for (Point point : points) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("setting", TuneText.json(point.choice()));
      json.put("predicted", point.predicted());
      json.put("measured", point.measured());
      all.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    boolean any = !points.isEmpty();
    json.put("median_error", any ? medianError() : null);
    json.put("worst_error", any ? worst().error() : null);
    json.put("best_measured", any ? bestRate : null);
    json.put("chosen_measured", any ? chosenRate : null);
    json.put("points", all);
    return json;
  }
}
