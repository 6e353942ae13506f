package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankSum;
import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.SharedTraining;
import io.millrace.training.SharedTraining.End;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ranks report that share a training and fail, or were not given the same. */
class RanksFailureTest extends RanksFixture {
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void assertAllBut(int rank, List<? extends End<?>> ends, String message) {
    for (int r = 0; r < ends.size(); r++) {
      Throwable failure = ends.get(r).failure().orElseThrow();
      if (r == rank) {
        assertInstanceOf(Stop.class, failure);
      } else {
        assertInstanceOf(RankFailedException.class, failure);
        assertEquals(message, failure.getMessage());
      }
    }
  }

  @Test
  void exceptionOfARankEndsAllWithStepAndCause() {
    List<End<Object>> ends =
        SharedTraining.inProcess(
            3,
            rank -> {
              try (GraphTrainer trainer = builder(NORMALISED).collective(rank).build()) {
                return trainer.epoch(
                    new TrainingListener() {
                      @Override
                      public void batchDone(BatchProgress progress) {
                        if (rank.rank() == 1 && progress.batch() == 2) {
                          throw new Stop();
                        }
                      }
                    });
              }
            });
    assertAllBut(
        1,
        ends,
        "a rank has failed: rank=1, step=2,"
            + " cause=io.millrace.training.parallel.RanksFailureTest$Stop");
  }

  @Test
  void unequalOptionsAreNamedByAllRanks() {
    List<End<Object>> ends =
        SharedTraining.inProcess(
            2,
            rank -> {
              TrainerBuilder builder = builder(NORMALISED).collective(rank);
              return fit(rank.rank() == 0 ? builder : builder.batchSize(64), 1);
            });
    for (End<Object> end : ends) {
      assertEquals(
          "all ranks need the same batchSize: rank 0=129, rank 1=64",
          end.failure().orElseThrow().getMessage());
    }
  }

  /** Else a virtual node would count twice, or not at all, and the ranks would still agree. */
  @Test
  void unequalDivisionsAreNamed() {
    for (End<?> end :
        SharedTraining.inProcess(
            2,
            rank ->
                fit(
                    builder(NORMALISED)
                        .collective(rank, rank.rank() == 0 ? 5 : 4, rank.rank() == 0 ? 3 : 4),
                    1))) {
      assertEquals(
          "all ranks need the same virtualNodesOfRanks: rank 0=[5, 3], rank 1=[4, 4]",
          end.failure().orElseThrow().getMessage());
    }
  }

  @Test
  void unequalEpochsAreNamed() {
    for (End<?> end :
        SharedTraining.inProcess(
            2, rank -> fit(builder(NORMALISED).collective(rank), 1 + rank.rank()))) {
      assertEquals(
          "all ranks need the same epochs: rank 0=1, rank 1=2",
          end.failure().orElseThrow().getMessage());
    }
  }

  /** As if a rank had not taken over the moments, or other weights. */
  @Test
  void ranksWhoseWeightsDifferAreNamedBeforeTheyTrain() {
    Path other = directory.resolve("other");
    try (GraphTrainer trainer = builder(NORMALISED).seed(5).build()) {
      trainer.saveModel(other);
    }
    for (End<?> end :
        SharedTraining.inProcess(
            2,
            rank -> {
              try (GraphTrainer trainer = builder(NORMALISED).collective(rank).build()) {
                if (rank.rank() == 1) {
                  trainer.loadWeights(other);
                }
                return trainer.epoch();
              }
            })) {
      String message = end.failure().orElseThrow().getMessage();
      assertTrue(message.startsWith("all ranks need the same weights: rank 0="), message);
    }
  }

  @Test
  void rejectsDivisionsThatDoNotAddUp() {
    Collective rank = InProcessCollective.alone();
    for (int[] division : new int[][] {{7}, {4, 4}, {9, -1}}) {
      assertThrows(
          BadInputException.class, () -> builder(NORMALISED).collective(rank, division).build());
    }
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                builder(NORMALISED)
                    .virtualNodes(1)
                    .collective(InProcessCollective.group(2, Duration.ofSeconds(1)).getFirst())
                    .build());
    assertEquals("each rank needs a virtual node: virtualNodes=1, ranks=2", e.getMessage());
  }

  @Test
  void unequalSumsAreNamed() {
    for (End<?> end :
        SharedTraining.inProcess(
            2,
            rank ->
                fit(
                    builder(NORMALISED)
                        .collective(rank)
                        .rankSum(rank.rank() == 0 ? RankSum.RING : RankSum.ORDERED),
                    1))) {
      assertEquals(
          "all ranks need the same rankSum: rank 0=RING, rank 1=ORDERED",
          end.failure().orElseThrow().getMessage());
    }
  }
}
