package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.RanksPausedException;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.SharedTraining;
import io.millrace.training.SharedTraining.End;
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.TrainingPosition;
import io.millrace.training.metrics.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that ranks share goes on from its checkpoints: on how many ranks, and as what. */
class RanksResumeTest extends RanksFixture {
  /** Trains until a step of an epoch, and ends as if it was killed there. */
  private void interrupted(TrainerBuilder builder, int epoch, int step) {
    assertThrows(StopAt.Stopped.class, () -> fit(builder, 3, new StopAt(epoch, step)));
  }

  private record Resumed(Evaluation lastTraining, long digest, Evaluation valid, String weights) {}

  private Resumed resumed(TrainerBuilder builder, Path from) {
    try (GraphTrainer trainer = builder.saveTo(from).resumeFrom(from).build()) {
      assertEquals(new TrainingPosition(1, 2, 4), trainer.position());
      FitResult result = trainer.fit(3, TrainingListener.NONE);
      EpochReport last = result.epochs().getLast();
      return new Resumed(
          last.training(),
          result.epochs().get(1).stats().batchesDigest(),
          result.valid(),
          SharedTraining.weights(trainer));
    }
  }

  private void interruptOn(int numRanks, Path to) {
    if (numRanks == 1) {
      interrupted(builder(NORMALISED).saveTo(to).checkpointEvery(2), 1, 2);
    } else {
      SharedTraining.inProcess(
              numRanks,
              rank -> {
                interrupted(
                    builder(NORMALISED).collective(rank).saveTo(to).checkpointEvery(2), 1, 2);
                return 0;
              })
          .forEach(End::get);
    }
  }

  private List<Resumed> resumeOn(int numRanks, Path from) {
    return numRanks == 1
        ? List.of(resumed(builder(NORMALISED).checkpointEvery(2), from))
        : SharedTraining.overTcp(
                numRanks,
                rank ->
                    resumed(
                        builder(NORMALISED).checkpointEvery(2).collective(rank),
                        rank.rank() == 0 ? from : directory.resolve("nowhere")))
            .stream()
            .map(End::get)
            .toList();
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "3, 2", "2, 4", "4, 3"})
  void everyNumberOfRanksResumesEveryCheckpointWithinAnEpoch(int before, int after) {
    FitResult expected = fit(builder(NORMALISED), 3);
    Path to = directory.resolve("checkpoint");
    interruptOn(before, to);
    for (Resumed found : resumeOn(after, to)) {
      assertEquals(expected.epochs().getLast().training(), found.lastTraining);
      assertEquals(expected.epochs().get(1).stats().batchesDigest(), found.digest);
      assertEquals(expected.valid(), found.valid);
      assertEquals(alone(), found.weights);
    }
  }

  private String alone() {
    try (GraphTrainer trainer = builder(NORMALISED).build()) {
      trainer.fit(3, TrainingListener.NONE);
      return SharedTraining.weights(trainer);
    }
  }

  /** From one rank to three and back to two, within epochs and between them. */
  @Tag("exhaustive")
  @Test
  void pausedTrainingGoesOnWithOtherRanksOnTheSameCurve() {
    FitResult expected = fit(builder(NORMALISED), 3);
    Path to = directory.resolve("paused");
    int[] sizes = {1, 3, 2, 4};
    int[] stepsBetween = {2, 3, 3, Integer.MAX_VALUE}; // in epochs 0 and 1, and between 1 and 2
    for (int i = 0; i < sizes.length; i++) {
      int last = i;
      List<End<Resumed>> ends =
          SharedTraining.inProcess(sizes[i], rank -> pausing(rank, to, stepsBetween[last]));
      for (End<Resumed> end : ends) {
        if (i < sizes.length - 1) {
          RanksPausedException e =
              assertInstanceOf(RanksPausedException.class, end.failure().orElseThrow());
          assertEquals("other ranks", e.request());
        } else {
          assertEquals(expected.epochs().getLast().training(), end.get().lastTraining);
          assertEquals(expected.valid(), end.get().valid);
          assertEquals(expected.epochs().get(1).stats().batchesDigest(), end.get().digest);
          assertEquals(alone(), end.get().weights);
        }
      }
    }
  }

  private Resumed pausing(Collective rank, Path to, int afterSteps) {
    AtomicInteger steps = new AtomicInteger();
    try (GraphTrainer trainer =
        builder(NORMALISED)
            .collective(rank)
            .saveTo(to)
            .resumeFrom(to)
            .pauseWhen(
                () ->
                    steps.incrementAndGet() < afterSteps
                        ? Optional.empty()
                        : Optional.of("other ranks"))
            .build()) {
      FitResult result = trainer.fit(3, TrainingListener.NONE);
      EpochReport last = result.epochs().getLast();
      return new Resumed(
          last.training(),
          result.epochs().get(1).stats().batchesDigest(),
          result.valid(),
          SharedTraining.weights(trainer));
    }
  }

  @Test
  void sumOverTheRingResumesOnTheSameRanksOnly() {
    Path to = directory.resolve("ring");
    ringFit(to, 1, 4, 4).forEach(End::get);
    String whole = ringFit(directory.resolve("whole"), 2, 4, 4).getFirst().get();
    assertEquals(
        "checkpoint is of another rankSum: now=ring of virtual nodes [5, 3],"
            + " checkpoint=ring of virtual nodes [4, 4], file="
            + to.resolve("checkpoint.safetensors"),
        ringFit(to, 2, 5, 3).getFirst().failure().orElseThrow().getMessage());
    BadInputException ordered =
        assertThrows(BadInputException.class, () -> fit(builder(NORMALISED).resumeFrom(to), 2));
    assertTrue(
        ordered.getMessage().startsWith("checkpoint is of another rankSum: now=ordered,"),
        ordered.getMessage());
    assertEquals(whole, ringFit(to, 2, 4, 4).getFirst().get());
  }

  /** Begins or resumes a training; gives its weights. */
  private List<End<String>> ringFit(Path to, int numEpochs, int... division) {
    boolean begun = Files.exists(to);
    return SharedTraining.overTcp(
        division.length,
        rank -> {
          TrainerBuilder ring =
              builder(NORMALISED).collective(rank, division).rankSum(RankSum.RING).saveTo(to);
          try (GraphTrainer trainer = (begun ? ring.resumeFrom(to) : ring).build()) {
            trainer.fit(numEpochs, TrainingListener.NONE);
            return SharedTraining.weights(trainer);
          }
        });
  }
}
