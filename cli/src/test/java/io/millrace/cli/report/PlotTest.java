package io.millrace.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Span;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.awt.Color;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlotTest {
  private static Plot.Curve curve(String name, double... values) {
    TreeMap<Integer, Double> byEpoch = new TreeMap<>();
    for (double value : values) {
      byEpoch.put(byEpoch.size() + 1, value);
    }
    return new Plot.Curve(name, byEpoch);
  }

  private static List<String> texts(String svg) {
    return Pattern.compile("<text[^>]*>([^<]*)</text>")
        .matcher(svg)
        .results()
        .map(it -> it.group(1))
        .toList();
  }

  /** The numbers of the vertical axis; the epochs are whole numbers. */
  private static List<Double> ticks(String svg, int numEpochs) {
    List<Double> numbers = new ArrayList<>();
    for (String text : texts(svg)) {
      if (text.matches("-?[0-9.]+")) {
        numbers.add(Double.parseDouble(text));
      }
    }
    return numbers.subList(numEpochs, numbers.size());
  }

  @Test
  void aConstantIsDrawnOnAnAxisFromZero() {
    for (double value : new double[] {0.003, 1e-6, 0, 1, 250}) {
      List<Double> ticks = ticks(Plot.svg("rate", List.of(curve("c", value, value, value))), 3);
      assertTrue(ticks.size() >= 3, value + " has " + ticks);
      assertEquals(ticks.size(), new HashSet<>(ticks).size(), value + " repeats " + ticks);
      assertEquals(0, ticks.stream().mapToDouble(it -> it).min().orElseThrow(), "" + ticks);
      double last = ticks.stream().mapToDouble(it -> it).max().orElseThrow();
      assertTrue(last >= value && last <= Math.max(1, 2 * value), value + " on " + ticks);
    }
  }

  @Test
  void numbersLookTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      List<Plot.Curve> curves = List.of(curve("c", 0.25, 1234.5));
      String plain = Plot.svg("p", curves);
      Locale.setDefault(Locale.GERMANY);
      assertEquals(texts(plain), texts(Plot.svg("p", curves)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void curvesOfOneNameAreBothThereInTheirOwnColours() {
    String svg = Plot.svg("two", List.of(curve("same", 1, 2), curve("same", 2, 3)));
    assertEquals(2, texts(svg).stream().filter("same"::equals).count());
    assertTrue(has(svg, Palette.curve(0)) && has(svg, Palette.curve(1)), "colours");
    assertEquals("", Plot.svg("none", List.of(curve("empty"))));
  }

  private static boolean has(String svg, Color colour) {
    String rgb = "rgb(%d,%d,%d)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue());
    String hex = "#%06x".formatted(colour.getRGB() & 0xffffff);
    return svg.replace(" ", "").contains(rgb) || svg.contains(hex);
  }

  @Test
  void everyColourHasContrastOnWhite() {
    List<Color> all = new ArrayList<>(Palette.CURVES);
    for (Stage stage : Stage.values()) {
      all.add(Palette.stage(stage));
    }
    for (Color colour : all) {
      double contrast = 1.05 / (luminance(colour) + .05);
      assertTrue(contrast >= 3, colour + " has " + contrast);
    }
  }

  /** Relative luminance as WCAG 2.1 defines it. */
  private static double luminance(Color colour) {
    float[] rgb = colour.getRGBColorComponents(null);
    double[] linear = new double[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      linear[i] = rgb[i] <= .04045 ? rgb[i] / 12.92 : Math.pow((rgb[i] + .055) / 1.055, 2.4);
    }
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2];
  }

  @Test
  void theTimelineHasARowForEachThreadAndAColourForEachStage() {
    String svg =
        TimelineChart.svg(
            List.of(
                new Span("worker 0", Stage.WAIT_FOR_ROOM, 0, 0, 5_000_000),
                new Span("worker 0", Stage.SAMPLE, 0, 5_000_000, 2_000_000),
                new Span("consumer", Stage.COMPUTE, 0, 7_000_000, 3_000_000)));
    assertTrue(
        texts(svg).containsAll(List.of("worker 0", "consumer", "sample", "compute", "0", "5")),
        texts(svg).toString());
    assertTrue(has(svg, Palette.stage(Stage.SAMPLE)), "colour of sampling");
    assertFalse(texts(svg).contains("6"), "begins with the first work: " + texts(svg));
    assertFalse(has(svg, Palette.stage(Stage.SLICE)), "no stage that does not occur");
  }

  @Test
  void utilisationIsOfTheTimeAndOfABatch() {
    StageTotals compute = new StageTotals(10, 60_000_000, 40_000_000, 0, 0, 0);
    StageTotals waits = new StageTotals(10, 20_000_000, 0, 0, 0, 0);
    PipelineMetrics metrics =
        new PipelineMetrics(
            100_000_000,
            90_000_000,
            Map.of("consumer", Map.of(Stage.COMPUTE, compute, Stage.WAIT_FOR_DATA, waits)));
    String threads = UtilisationChart.threads(metrics);
    assertTrue(texts(threads).containsAll(List.of("consumer", "compute", "wait for data", "100")));
    String stages = UtilisationChart.stages(metrics);
    assertTrue(texts(stages).containsAll(List.of("compute", "libtorch, JVM", "CPU time")));
    assertTrue(texts(stages).contains("6"), "6 ms of wall time: " + texts(stages));
  }
}
