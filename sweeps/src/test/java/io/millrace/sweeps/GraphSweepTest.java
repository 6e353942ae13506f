package io.millrace.sweeps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a sweep trains, tests and keeps. */
class GraphSweepTest extends SweepFixture {
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
  void trialsInParallelReadTheSameBatches() {
    ScheduleOptions all = ScheduleOptions.of(SchedulerKind.RANDOM, 2);
    SweepResult alone = sweep("alone").trials(3).schedule(all).build().run(SweepListener.NONE);
    assertEquals(new BatchCounts(0, 0), alone.batches());
    SweepResult shared =
        sweep("shared").trials(3).schedule(all).parallel(3).build().run(SweepListener.NONE);
    assertEquals(table(alone), table(shared));
    assertTrue(shared.batches().sampled() <= shared.batches().read());
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
