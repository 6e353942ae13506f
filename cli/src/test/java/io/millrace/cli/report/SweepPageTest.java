package io.millrace.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.report.SweepPage.TrialPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SweepPageTest {
  private static TrialPoint trial(int number, double valid, double seconds, String lr) {
    return new TrialPoint(
        number,
        Path.of("none"),
        "complete",
        Map.of("lr", lr, "model", number % 2 == 0 ? "sage" : "<gat>"),
        OptionalDouble.of(valid),
        1,
        seconds);
  }

  private static final List<TrialPoint> TRIALS =
      List.of(
          trial(0, .9, 9, "0.001"),
          trial(1, .8, 3, "0.1"),
          trial(2, .7, 5, "0.01"),
          trial(3, .6, 1, "0.02"));

  private static List<Integer> front(boolean higherIsBetter) {
    SweepPage page =
        new SweepPage("a", "b", "accuracy", "accuracy", higherIsBetter, List.of("lr"), TRIALS);
    return page.frontOf(TRIALS).stream().map(TrialPoint::number).toList();
  }

  @Test
  void theFrontHasTrialsThanWhichNoneIsBothFasterAndBetter() {
    assertEquals(List.of(3, 1, 0), front(true));
    assertEquals(List.of(3), front(false));
  }

  @Test
  void parallelCoordinatesNameAxesAndEnds() {
    String svg = ParallelCoordinates.svg("<label>", List.of("lr", "model"), "accuracy", TRIALS);
    assertTrue(svg.startsWith("<svg role=\"img\" aria-label=\"&lt;label&gt;\""), svg);
    for (String text : List.of("lr", "model", "0.001", "0.1", "0.01", "sage", "valid accuracy")) {
      assertTrue(svg.contains(">" + text + "<"), text);
    }
    assertTrue(!svg.contains("<gat>"));
    assertEquals("", ParallelCoordinates.svg("none", List.of("lr"), "accuracy", List.of()));
  }
}
