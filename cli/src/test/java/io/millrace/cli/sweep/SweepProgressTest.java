package io.millrace.cli.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.sweeps.SweepEvent;
import io.millrace.sweeps.Trial;
import io.millrace.sweeps.TrialRow;
import io.millrace.training.metrics.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of a sweep on a terminal. */
class SweepProgressTest {
  private static final Map<String, String> SETTINGS = Map.of("lr", "0.1");

  @BeforeAll
  static void onATerminal() {
    System.setProperty("millrace.columns", "100");
  }

  @AfterAll
  static void onNone() {
    System.clearProperty("millrace.columns");
  }

  private static TrialRow row(int number, TrialRow.State state, double valid) {
    return new TrialRow(
        new Trial(number, number, SETTINGS),
        state,
        3,
        3,
        OptionalDouble.of(valid),
        valid,
        1,
        Optional.empty());
  }

  @Test
  void theBestTrialsAreShownAndThoseThatTrainBelowALineOfEachDecision() {
    List<TrialRow> ranked = new ArrayList<>();
    for (int number = 0; number < 11; number++) {
      ranked.add(row(number, TrialRow.State.PAUSED, .9 - .01 * number));
    }
    ranked.add(row(11, TrialRow.State.RUNNING, .1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Output output = new Output(new Streams(System.out, err), new CommonOptions());
    SweepProgress progress = new SweepProgress(output, Metric.ACCURACY, 20);
    progress.happened(new SweepEvent.Began(11, 3, 11, SETTINGS), ranked);
    List<String> drawn =
        bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\w*", "").lines().toList();
    assertEquals("trial 11 resumes after epoch 3", drawn.get(0));
    assertEquals("12 trials of 20   best of them by valid accuracy:", drawn.get(1));
    assertEquals("    0  paused    epoch   3  90.00 %  {lr=0.1}", drawn.get(2));
    assertTrue(drawn.get(9).startsWith("    7  paused"), drawn.toString());
    assertEquals("   11  running   epoch   3  10.00 %  {lr=0.1}", drawn.get(10));
    assertEquals(11, drawn.size(), drawn.toString());
    int length = bytes.size();
    progress.close();
    String cleared = bytes.toString(StandardCharsets.UTF_8).substring(length);
    assertEquals("\r\u001b[10A\u001b[J", cleared);
  }
}
