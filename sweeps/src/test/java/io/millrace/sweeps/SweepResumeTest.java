package io.millrace.sweeps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.FileTree;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sweep goes on from its log and from the checkpoints of its trials. */
class SweepResumeTest extends SweepFixture {
  @Test
  void aSweepThatEndedIsReadFromItsLog() {
    SweepResult result = sweep("sweep").build().run(SweepListener.NONE);
    List<SweepEvent> events = new ArrayList<>();
    SweepResult again = sweep("sweep").resume(true).build().run((event, _) -> events.add(event));
    assertEquals(table(result), table(again));
    assertEquals(List.of(), events);
  }

  /** Interrupted by an exception after an event; the log is as after a kill. */
  private void interruptedAfter(int numEvents, SweepResult expected) {
    String name = "after-" + numEvents;
    int[] seen = {0};
    assertThrows(
        IllegalStateException.class,
        () ->
            sweep(name)
                .build()
                .run(
                    (_, _) -> {
                      if (++seen[0] == numEvents) {
                        throw new IllegalStateException("killed");
                      }
                    }));
    SweepResult resumed = sweep(name).resume(true).build().run(SweepListener.NONE);
    assertEquals(table(expected), table(resumed), name);
  }

  @Test
  void aSweepThatIsKilledResumesWithTheSameTable() {
    SweepResult expected = sweep("whole").build().run(SweepListener.NONE);
    for (int numEvents : new int[] {2, 9}) {
      interruptedAfter(numEvents, expected);
    }
  }

  @Test
  @Tag("exhaustive")
  void aSweepThatIsKilledAnywhereResumesWithTheSameTable() {
    int[] numEvents = {0};
    SweepResult expected = sweep("whole").build().run((_, _) -> numEvents[0]++);
    for (int i = 1; i <= numEvents[0]; i++) {
      interruptedAfter(i, expected);
    }
  }

  @Test
  void anEpochThatIsInTheCheckpointButNotInTheLogIsNotTrainedAgain() throws IOException {
    SweepResult expected = sweep("sweep").build().run(SweepListener.NONE);
    Path log = folder.resolve("sweep/trials.jsonl");
    List<String> lines = Files.readAllLines(log);
    int last = lines.size() - 1;
    while (!lines.get(last).contains("\"report\"")) {
      last--;
    }
    Files.write(log, lines.subList(0, last));
    Files.writeString(log, "{\"event\":\"report\",\"tri", StandardOpenOption.APPEND); // cut
    SweepResult resumed = sweep("sweep").resume(true).build().run(SweepListener.NONE);
    assertEquals(table(expected), table(resumed));
  }

  @Test
  void trialsInParallelAreReplayed() {
    SweepResult first = sweep("parallel").parallel(2).build().run(SweepListener.NONE);
    Path log = folder.resolve("parallel/trials.jsonl");
    SweepResult again = sweep("replayed").replay(log).build().run(SweepListener.NONE);
    assertEquals(table(first), table(again));
  }

  /** Keeps the number of epochs; killed, if so wished, before it has kept anything of a trial. */
  private record Keeping(GraphDataset data, Map<Path, Integer> kept, int killedAt)
      implements TrialTraining {
    @Override
    public TrainerBuilder trainer(Trial trial) {
      return SweptGraph.training(data).trainer(trial);
    }

    @Override
    public void left(Trial trial, Path folder, GraphTrainer trainer, FitResult result) {
      if (kept.size() == killedAt) {
        throw new IllegalStateException("killed");
      }
      kept.put(folder, result.epochs().size());
    }

    @Override
    public boolean isKept(Path folder, int epochs) {
      return Objects.equals(kept.get(folder), epochs);
    }
  }

  @Test
  void whatATrialLeavesIsKeptByTheSweepThatResumes() {
    Map<Path, Integer> kept = new HashMap<>();
    SweepBuilder sweep =
        GraphSweep.builder(new Keeping(data, kept, 2))
            .space(SweptGraph.space())
            .saveTo(folder.resolve("sweep"))
            .trials(4)
            .schedule(ScheduleOptions.of(SchedulerKind.HALVING, 3));
    assertThrows(IllegalStateException.class, () -> sweep.build().run(SweepListener.NONE));
    assertEquals(2, kept.size());
    SweepResult result =
        GraphSweep.builder(new Keeping(data, kept, -1))
            .space(SweptGraph.space())
            .saveTo(folder.resolve("sweep"))
            .resume(true)
            .trials(4)
            .schedule(ScheduleOptions.of(SchedulerKind.HALVING, 3))
            .build()
            .run(SweepListener.NONE);
    result
        .trials()
        .forEach(
            row ->
                assertEquals(
                    row.epochs(),
                    kept.get(folder.resolve("sweep/trial-00" + row.trial().number())),
                    row.toString()));
  }

  @Test
  void refusesAFolderOfAnotherSweepOrOfFiles() throws IOException {
    sweep("sweep").trials(2).build().run(SweepListener.NONE);
    assertThrows(
        BadInputException.class, () -> sweep("sweep").trials(2).build().run(SweepListener.NONE));
    BadInputException other =
        assertThrows(
            BadInputException.class,
            () -> sweep("sweep").trials(3).resume(true).build().run(SweepListener.NONE));
    assertTrue(other.getMessage().startsWith("sweep is of another trials: now=3, log=2"));
    Files.createDirectory(folder.resolve("empty"));
    sweep("empty").trials(2).build().run(SweepListener.NONE);
    assertFalse(Files.exists(folder.resolve("empty/.writer")));
    assertThrows(
        BadInputException.class,
        () -> sweep("x").replay(folder.resolve("no")).build().run(SweepListener.NONE));
  }

  @Test
  void theFolderOfATrialIsMissedOnlyIfTheSweepStillNeedsIt() throws IOException {
    SweepResult result = sweep("sweep").build().run(SweepListener.NONE);
    Path log = folder.resolve("sweep/trials.jsonl");
    FileTree.delete(folder.resolve("sweep/trial-00" + result.trials().getLast().trial().number()));
    SweepResult again = sweep("sweep").resume(true).build().run(SweepListener.NONE);
    assertEquals(table(result), table(again));
    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.subList(0, lines.size() - 1)); // without the test
    FileTree.delete(result.folder());
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> sweep("sweep").resume(true).build().run(SweepListener.NONE));
    assertEquals(
        "the checkpoint of a trial is missing or older than the log of the sweep: trial="
            + result.best().trial().number()
            + ", epochs=0, log="
            + result.best().epochs()
            + ", folder="
            + result.folder(),
        e.getMessage());
    int last = lines.size() - 1;
    while (!isPromotion(lines.get(last), result.best().trial())) {
      last--;
    }
    Files.write(log, lines.subList(0, last + 1));
    int before = Files.readAllLines(log).size();
    assertThrows(
        BadInputException.class, () -> sweep("sweep").resume(true).build().run(SweepListener.NONE));
    assertEquals(before, Files.readAllLines(log).size(), "the trial has not failed");
  }

  private static boolean isPromotion(String line, Trial trial) {
    String begin = "{\"event\":\"begin\",\"trial\":" + trial.number() + ",\"epoch\":";
    return line.startsWith(begin) && !line.startsWith(begin + "0");
  }
}
