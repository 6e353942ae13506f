package io.millrace.sweeps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.sweeps.SweepEvent.Began;
import io.millrace.sweeps.TrialRow.State;
import io.millrace.sweeps.space.Parameter;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over small trainings. */
class GraphSweepTest {
  @TempDir private Path folder;
  private final GraphDataset data = SweptGraph.open();

  @AfterEach
  void close() {
    data.close();
  }

  private SweepBuilder sweep(String name) {
    return GraphSweep.builder(SweptGraph.training(data))
        .space(SweptGraph.space())
        .saveTo(folder.resolve(name))
        .trials(4)
        .schedule(new ScheduleOptions(SchedulerKind.ASHA, 4, 1, 2, true, 3));
  }

  /** All of a result except times. */
  private static List<Object> table(SweepResult result) {
    List<Object> table = new ArrayList<>(List.of(result.test(), result.epochs()));
    for (TrialRow row : result.trials()) {
      table.add(List.of(row.trial(), row.state(), row.epochs(), row.bestEpoch(), row.score()));
    }
    return table;
  }

  @Test
  void aTrialIsTheTrainingThatItsSettingsAndSeedsSay() throws IOException {
    SweepResult result = sweep("sweep").seed(5).build().run(SweepListener.NONE);
    TrialRow best = result.best();
    assertEquals(State.COMPLETE, best.state()); // it was paused twice before
    Path alone = folder.resolve("alone");
    try (GraphTrainer trainer =
        SweptGraph.training(data)
            .trainer(best.trial())
            .seed(5 + best.trial().number())
            .samplingSeed(5)
            .saveTo(alone)
            .build()) {
      FitResult fit = trainer.fit(4, TrainingListener.NONE);
      assertEquals(fit.validMetric(), result.bestValid());
      assertEquals(fit.testMetric(), result.test().orElseThrow());
    }
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("model.safetensors")),
        Files.readAllBytes(result.folder().resolve("model.safetensors")));
  }

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

  @Test
  void trialsInParallelReadTheSameBatches() {
    ScheduleOptions all = ScheduleOptions.of(SchedulerKind.RANDOM, 2);
    SweepResult alone = sweep("alone").trials(3).schedule(all).build().run(SweepListener.NONE);
    assertEquals(new BatchCounts(0, 0), alone.batches());
    SweepResult shared =
        sweep("shared").trials(3).schedule(all).parallel(3).build().run(SweepListener.NONE);
    assertEquals(table(alone), table(shared));
    assertTrue(shared.batches().sampled() <= shared.batches().read());
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
  void onlyTheWinnerIsTested() {
    List<Integer> tested = new ArrayList<>();
    TrialTraining counting =
        new TrialTraining() {
          @Override
          public TrainerBuilder trainer(Trial trial) {
            return SweptGraph.training(data).trainer(trial);
          }

          @Override
          public void left(Trial trial, Path folder, GraphTrainer trainer, FitResult result) {
            if (result.tested().isPresent()) {
              tested.add(trial.number());
            }
          }
        };
    SweepResult result =
        GraphSweep.builder(counting)
            .space(SweptGraph.space())
            .saveTo(folder.resolve("sweep"))
            .trials(5)
            .schedule(ScheduleOptions.of(SchedulerKind.HALVING, 3))
            .build()
            .run(SweepListener.NONE);
    assertEquals(List.of(result.best().trial().number()), tested);
    assertEquals(5 * 1 + 1 * 2, result.epochs());
  }

  @Test
  @Tag("exhaustive")
  void aCopyContinuesWithWeightsAndMomentsOfTheOther() throws IOException {
    List<SweepEvent> events = new ArrayList<>();
    sweep("population")
        .space(
            SearchSpace.of(
                Map.of(
                    "lr", new Parameter.Choice(List.of("0.0001", "0.1")),
                    "hidden", new Parameter.Choice(List.of("4")))))
        .changing(Set.of()) // so both do the same from then on
        .trials(4)
        .schedule(new ScheduleOptions(SchedulerKind.PBT, 4, 1, 3, true, 2))
        .build()
        .run((event, _) -> events.add(event));
    SweepEvent.Copied copy =
        events.stream()
            .filter(SweepEvent.Copied.class::isInstance)
            .map(SweepEvent.Copied.class::cast)
            .findFirst()
            .orElseThrow();
    List<Double> valid =
        events.stream()
            .filter(SweepEvent.Reported.class::isInstance)
            .map(SweepEvent.Reported.class::cast)
            .filter(it -> it.epoch() == 4)
            .filter(it -> it.trial() == copy.trial() || it.trial() == copy.from())
            .map(SweepEvent.Reported::valid)
            .toList();
    assertEquals(2, valid.size());
    assertEquals(valid.get(0), valid.get(1));
    assertArrayEquals(
        weights(copy.trial()), weights(copy.from()), "after two epochs from one checkpoint");
  }

  /** The tensors of a trial's last epoch. */
  private byte[] weights(int trial) {
    try (GraphTrainer trainer =
        SweptGraph.training(data)
            .trainer(new Trial(0, 0, Map.of("lr", "0.1", "hidden", "4")))
            .device(DeviceChoice.CPU)
            .build()) {
      trainer.continueFrom(folder.resolve("population/trial-00" + trial));
      Path file = folder.resolve("weights-" + trial);
      trainer.saveModel(file);
      return Files.readAllBytes(file.resolve("model.safetensors"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTrialWhoseSettingsDoNotFitFailsAlone() {
    TrialTraining training =
        trial -> {
          if (trial.number() == 1) {
            throw BadInputException.of("settings do not fit", "trial", 1);
          }
          return SweptGraph.training(data).trainer(trial);
        };
    SweepResult result =
        GraphSweep.builder(training)
            .space(SweptGraph.space())
            .saveTo(folder.resolve("sweep"))
            .trials(3)
            .schedule(ScheduleOptions.asha(2))
            .build()
            .run(SweepListener.NONE);
    TrialRow failed = result.trials().getLast();
    assertEquals(State.FAILED, failed.state());
    assertTrue(failed.error().orElseThrow().startsWith("settings do not fit"));
    BadInputException none =
        assertThrows(
            BadInputException.class,
            () ->
                GraphSweep.builder(
                        _ -> GraphTrainer.builder(data).model(GraphSage.of(4, 1)).fanout(3, 3))
                    .space(SweptGraph.space())
                    .saveTo(folder.resolve("none"))
                    .trials(2)
                    .build()
                    .run(SweepListener.NONE));
    assertTrue(none.getMessage().startsWith("no trial could train: trials=2, first=fanout must"));
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
    delete(folder.resolve("sweep/trial-00" + result.trials().getLast().trial().number()));
    SweepResult again = sweep("sweep").resume(true).build().run(SweepListener.NONE);
    assertEquals(table(result), table(again));
    List<String> lines = Files.readAllLines(log);
    Files.write(log, lines.subList(0, lines.size() - 1)); // without the test
    delete(result.folder());
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

  private static void delete(Path trial) throws IOException {
    try (Stream<Path> files = Files.list(trial)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(trial);
  }

  @Test
  void anErrorOfATrialEndsTheSweep() {
    List<Integer> begun = new ArrayList<>();
    TrialTraining broken =
        trial -> {
          throw new IllegalStateException("broken " + trial.number());
        };
    assertThrows(
        IllegalStateException.class,
        () ->
            GraphSweep.builder(broken)
                .space(SweptGraph.space())
                .saveTo(folder.resolve("sweep"))
                .parallel(2)
                .build()
                .run(
                    (event, _) -> {
                      if (event instanceof Began it) {
                        begun.add(it.trial());
                      }
                    }));
    assertTrue(begun.size() <= 2, begun.toString());
  }
}
