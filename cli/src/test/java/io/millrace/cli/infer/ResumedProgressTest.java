package io.millrace.cli.infer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.train.TrainingProgress;
import io.millrace.training.BatchProgress;
import io.millrace.training.metrics.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was done before says nothing about the time that is left. */
class ResumedProgressTest {
  @BeforeAll
  static void onATerminal() {
    System.setProperty("millrace.columns", "100");
  }

  @AfterAll
  static void onNone() {
    System.clearProperty("millrace.columns");
  }

  private static void assertNoTimeIsLeftYet(Consumer<Output> work) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    work.accept(new Output(new Streams(System.out, err), new CommonOptions()));
    String drawn = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(drawn.contains("75 %"), drawn);
    assertFalse(drawn.contains(" left"), drawn);
  }

  @Test
  void trainingThatGoesOnInTheFourthEpoch() {
    assertNoTimeIsLeftYet(
        output -> {
          try (TrainingProgress progress = new TrainingProgress(output, "", 4, Metric.ACCURACY)) {
            progress.batchDone(new BatchProgress(2, 99, 100, 1, 0));
          }
        });
  }

  @Test
  void aDownloadThatGoesOnInItsFourthQuarter() {
    assertNoTimeIsLeftYet(
        output -> {
          try (StageProgress progress = output.stages()) {
            progress.update("download", 750_000, 1_000_000);
          }
        });
  }

  private static void assertNoTimeIsLeftYetInInference(long[]... doneOfTotal) {
    assertNoTimeIsLeftYet(
        output -> {
          try (InferProgress progress = new InferProgress(output)) {
            for (long[] numbers : doneOfTotal) {
              progress.progress("layer 1", numbers[0], numbers[1]);
            }
          }
        });
  }

  @Test
  void aLayerOfWhichThreeQuartersWereDone() {
    assertNoTimeIsLeftYetInInference(new long[] {750, 1000});
  }

  @Test
  void theShareOfAnotherProcessAfterTheOwn() {
    assertNoTimeIsLeftYetInInference(new long[] {999, 1000}, new long[] {750, 1000});
  }

  @Test
  void theLargerShareOfAnotherProcessAfterTheOwn() {
    assertNoTimeIsLeftYetInInference(new long[] {600, 600}, new long[] {750, 1000});
  }
}
