package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.params.Staleness;
import io.millrace.ranks.params.Staleness.Read;
import io.millrace.training.BatchProgress;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Planted;
import io.millrace.training.SharedTraining;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose ranks may lag behind each other. */
class StalenessTest {
  private static final GraphModel NORMALISED = GraphSage.of(8, 2).norm(Norm.BATCH).dropout(0.3);

  private final GraphDataset data = Planted.dataset();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    data.close();
  }

  /** Thirteen steps of 32 seeds, the last with 8. */
  private TrainerBuilder builder(Collective rank, Staleness staleness) {
    return GraphTrainer.builder(data)
        .model(NORMALISED)
        .fanout(4, 3)
        .evalFanout(4, 3)
        .batchSize(32)
        .virtualNodes(4)
        .learningRate(0.02)
        .computeThreads(1)
        .collective(rank)
        .staleness(staleness);
  }

  private static Staleness pinned(int bound) {
    return new Staleness(bound, Read.PINNED);
  }

  /** Ranks that take breaks at different steps. */
  private static TrainingListener breaks(Collective rank) {
    return new TrainingListener() {
      @Override
      public void batchDone(BatchProgress progress) {
        if (rank.size() > 1 && progress.batch() % rank.size() == rank.rank()) {
          try {
            Thread.sleep(5);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  private static String train(TrainerBuilder builder, Collective rank, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      List<Object> seen = new ArrayList<>();
      for (int e = 0; e < numEpochs; e++) {
        seen.add(trainer.epoch(breaks(rank)).training());
      }
      return seen + SharedTraining.weights(trainer);
    }
  }

  private String alone(Staleness staleness, int numEpochs) {
    try (Collective rank = InProcessCollective.alone()) {
      return train(builder(rank, staleness), rank, numEpochs);
    }
  }

  @Test
  void pinnedReadsGiveTheSameBitsOnAnyRanksAtAnyTime() {
    String expected = alone(pinned(2), 2);
    assertNotEquals(alone(Staleness.NONE, 2), expected);
    SharedTraining.inProcess(2, rank -> train(builder(rank, pinned(2)), rank, 2))
        .forEach(end -> assertEquals(expected, end.get()));
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 8, 100})
  void everyBoundGivesTheSameBitsOnAnyRanks(int bound) {
    String expected = alone(pinned(bound), 3);
    for (int size : new int[] {2, 3, 4}) {
      SharedTraining.overTcp(size, rank -> train(builder(rank, pinned(bound)), rank, 3))
          .forEach(end -> assertEquals(expected, end.get()));
    }
  }

  /** Also where reads are fresh: with the bound 0 there is one version to read. */
  @Test
  void withTheBound0ItIsTheSynchronousRun() {
    String expected;
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(NORMALISED)
            .fanout(4, 3)
            .evalFanout(4, 3)
            .batchSize(32)
            .virtualNodes(4)
            .learningRate(0.02)
            .computeThreads(1)
            .build()) {
      expected = List.of(trainer.epoch().training()) + SharedTraining.weights(trainer);
    }
    SharedTraining.inProcess(2, rank -> train(builder(rank, new Staleness(0, Read.FRESH)), rank, 1))
        .forEach(end -> assertEquals(expected, end.get()));
  }

  private List<Double> losses(double learningRate, int bound) {
    List<Double> losses = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            losses.add(progress.loss());
          }
        };
    try (Collective rank = InProcessCollective.alone();
        GraphTrainer trainer = builder(rank, pinned(bound)).learningRate(learningRate).build()) {
      trainer.epoch(listener);
    }
    return losses;
  }

  /** So many steps do not depend on the learning rate, and the next one does. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aStepReadsTheWeightsOfExactlySoManyStepsBefore(int bound) {
    List<Double> slow = losses(0.001, bound);
    List<Double> fast = losses(0.1, bound);
    assertEquals(slow.subList(0, bound + 1), fast.subList(0, bound + 1));
    assertNotEquals(slow.get(bound + 1), fast.get(bound + 1));
  }

  @Test
  void freshReadsEndWithTheSameWeightsOnAllRanks() {
    List<String> weights =
        SharedTraining.inProcess(
                3,
                rank -> {
                  try (GraphTrainer trainer = builder(rank, new Staleness(4, Read.FRESH)).build()) {
                    trainer.epoch(breaks(rank));
                    return SharedTraining.weights(trainer);
                  }
                })
            .stream()
            .map(SharedTraining.End::get)
            .toList();
    assertEquals(1, weights.stream().distinct().count());
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private String fit(Collective rank, Path to, boolean stop) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            if (stop && progress.epoch() == 1 && progress.batch() == 6) {
              throw new Stop();
            }
          }
        };
    TrainerBuilder builder = builder(rank, pinned(2)).saveTo(to).resumeFrom(to).checkpointEvery(5);
    try (GraphTrainer trainer = builder.build()) {
      FitResult result = trainer.fit(3, listener);
      return result.valid() + SharedTraining.weights(trainer);
    }
  }

  @Tag("exhaustive")
  @Test
  void resumesWithinAnEpochOnOtherRanksToTheSameBits() {
    String expected = fit(InProcessCollective.alone(), directory.resolve("whole"), false);
    Path to = directory.resolve("parts");
    SharedTraining.inProcess(
            2,
            rank ->
                assertThrows(
                    RuntimeException.class,
                    () -> fit(rank, rank.rank() == 0 ? to : directory.resolve("never"), true)))
        .forEach(SharedTraining.End::get);
    SharedTraining.inProcess(
            3, rank -> fit(rank, rank.rank() == 0 ? to : directory.resolve("never"), false))
        .forEach(end -> assertEquals(expected, end.get()));
  }

  @Test
  void aRankThatFailsEndsTheOthers() {
    List<SharedTraining.End<Object>> ends =
        SharedTraining.inProcess(
            2,
            rank -> {
              try (GraphTrainer trainer = builder(rank, pinned(3)).build()) {
                return trainer.epoch(
                    new TrainingListener() {
                      @Override
                      public void batchDone(BatchProgress progress) {
                        if (rank.rank() == 1 && progress.batch() == 4) {
                          throw new Stop();
                        }
                      }
                    });
              }
            });
    String message = ends.getFirst().failure().orElseThrow().getMessage();
    assertTrue(message.startsWith("a rank has failed: rank=1, step="), message);
    assertTrue(message.endsWith("StalenessTest$Stop"), message);
  }

  @Test
  void rejectsStalenessWithoutRanksAndUnequalOnes() {
    TrainerBuilder builder =
        GraphTrainer.builder(data).model(NORMALISED).fanout(4, 3).staleness(pinned(1));
    BadInputException e = assertThrows(BadInputException.class, builder::build);
    assertEquals("staleness needs ranks: staleness=1 pinned", e.getMessage());
    for (SharedTraining.End<?> end :
        SharedTraining.inProcess(
            2, rank -> train(builder(rank, pinned(1 + rank.rank())), rank, 1))) {
      assertEquals(
          "all ranks need the same staleness: rank 0=1 pinned, rank 1=2 pinned",
          end.failure().orElseThrow().getMessage());
    }
  }
}
