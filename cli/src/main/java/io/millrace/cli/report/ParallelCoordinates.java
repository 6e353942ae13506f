package io.millrace.cli.report;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.SvgImage;
import io.millrace.cli.report.SweepPage.TrialPoint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;

/**
 * Draws a vertical axis for each setting and one for the metric, and a line through them for each
 * trial. Numbers that span two powers of ten or more have a logarithmic axis; texts are evenly
 * spaced. Stateless.
 */
final class ParallelCoordinates {
  private static final int HEIGHT = 320;
  private static final int TOP = 40;
  private static final int BOTTOM = 20;
  private static final int SIDE = 70;
  private static final int CHARACTERS = 14;
  private static final double LOGARITHMIC = 100;
  private static final Color BEST = new Color(0xd55e00);

  /**
   * An axis.
   *
   * @param places of the trials, 0 at the bottom to 1
   * @param ticks texts and where they are
   */
  private record Axis(String name, List<Double> places, List<Tick> ticks) {
    private record Tick(String text, double place) {}

    static Axis of(String name, List<String> values) {
      List<String> distinct = List.copyOf(new LinkedHashSet<>(values));
      try {
        return ofNumbers(name, values.stream().map(Double::parseDouble).toList(), Format::number);
      } catch (NumberFormatException _) {
        List<Tick> ticks = new ArrayList<>();
        distinct.forEach(it -> ticks.add(new Tick(it, place(distinct, it))));
        return new Axis(name, values.stream().map(it -> place(distinct, it)).toList(), ticks);
      }
    }

    private static double place(List<String> distinct, String value) {
      return distinct.size() == 1 ? 0.5 : (double) distinct.indexOf(value) / (distinct.size() - 1);
    }

    static Axis ofNumbers(String name, List<Double> values, Function<Double, String> text) {
      double low = values.stream().mapToDouble(it -> it).min().orElse(0);
      double high = values.stream().mapToDouble(it -> it).max().orElse(0);
      boolean log = low > 0 && high / low >= LOGARITHMIC;
      Function<Double, Double> scaled =
          value -> {
            double part =
                log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
            return high == low ? 0.5 : part;
          };
      List<Tick> ticks = new ArrayList<>();
      for (double part : high == low ? new double[] {0.5} : new double[] {0, 0.5, 1}) {
        double value = log ? low * Math.pow(high / low, part) : low + part * (high - low);
        ticks.add(new Tick(text.apply(value), part));
      }
      return new Axis(name, values.stream().map(scaled).toList(), ticks);
    }
  }

  private ParallelCoordinates() {}

  /**
   * An {@code svg} element; empty without trials.
   *
   * @param trials the best first, all with a value
   */
  static String svg(String label, List<String> settings, String metric, List<TrialPoint> trials) {
    if (trials.isEmpty()) {
      return "";
    }
    List<Axis> axes = new ArrayList<>();
    for (String name : settings) {
      axes.add(
          Axis.of(name, trials.stream().map(it -> it.settings().getOrDefault(name, "–")).toList()));
    }
    List<Double> values = trials.stream().map(it -> it.valid().getAsDouble()).toList();
    axes.add(Axis.ofNumbers("valid " + metric, values, Format::number));
    String svg = SvgImage.of(Charts.FULL_WIDTH, HEIGHT, graphics -> paint(graphics, axes));
    String attributes = " role=\"img\" aria-label=\"" + HtmlPage.escaped(label) + "\"";
    return svg.replaceFirst("<svg", Matcher.quoteReplacement("<svg" + attributes));
  }

  private static void paint(Graphics2D graphics, List<Axis> axes) {
    int numTrials = axes.getFirst().places().size();
    graphics.setFont(SvgImage.font(Font.PLAIN, 12));
    for (int trial = numTrials - 1; trial >= 0; trial--) { // the best on top
      float rank = numTrials == 1 ? 0 : (float) trial / (numTrials - 1);
      int shade = 60 + Math.round(150 * rank);
      graphics.setColor(trial == 0 ? BEST : new Color(shade, shade, Math.min(255, shade + 40)));
      graphics.setStroke(new BasicStroke(trial == 0 ? 2.5f : 1.2f));
      graphics.draw(line(axes, trial));
    }
    graphics.setStroke(new BasicStroke(1));
    graphics.setColor(Color.BLACK);
    for (int i = 0; i < axes.size(); i++) {
      double x = x(axes, i);
      graphics.draw(new Line2D.Double(x, TOP, x, HEIGHT - BOTTOM));
      graphics.drawString(shortened(axes.get(i).name()), (float) x - SIDE / 2f, TOP - 20);
      for (Axis.Tick tick : axes.get(i).ticks()) {
        float y = (float) y(tick.place());
        graphics.draw(new Line2D.Double(x - 3, y, x + 3, y));
        graphics.drawString(shortened(tick.text()), (float) x + 5, y + 4);
      }
    }
  }

  private static Path2D line(List<Axis> axes, int trial) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < axes.size(); i++) {
      double y = y(axes.get(i).places().get(trial));
      if (i == 0) {
        path.moveTo(x(axes, i), y);
      } else {
        path.lineTo(x(axes, i), y);
      }
    }
    return path;
  }

  private static double x(List<Axis> axes, int i) {
    double width = Charts.FULL_WIDTH - 2.0 * SIDE;
    return SIDE + (axes.size() == 1 ? width / 2 : width * i / (axes.size() - 1));
  }

  private static double y(double place) {
    return HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);
  }

  private static String shortened(String text) {
    return text.length() <= CHARACTERS ? text : text.substring(0, CHARACTERS - 1) + "…";
  }
}
