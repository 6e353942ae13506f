package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Split;
import io.millrace.ranks.RankSum;
import io.millrace.training.BatchProgress;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.SharedTraining;
import io.millrace.training.SharedTraining.End;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import io.millrace.training.optim.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that ranks share is that of one process, bit for bit. */
class RanksTest extends RanksFixture {
  /** All that one can see of an epoch but times. */
  private record Seen(Evaluation training, long digest, long numNodes, Evaluation valid) {}

  private record Outcome(List<Seen> epochs, String weights) {}

  private static Outcome train(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      List<Seen> epochs = new ArrayList<>();
      for (int e = 0; e < numEpochs; e++) {
        EpochReport report = trainer.epoch();
        epochs.add(
            new Seen(
                report.training(),
                report.stats().batchesDigest(),
                report.stats().numNodes(),
                trainer.evaluate(Split.VALID)));
      }
      return new Outcome(epochs, SharedTraining.weights(trainer));
    }
  }

  private static int[] division(String text) {
    return Arrays.stream(text.split(":")).mapToInt(Integer::parseInt).toArray();
  }

  private void assertSameAsAlone(GraphModel model, String division, boolean tcp, int numEpochs) {
    Outcome expected = train(builder(model), numEpochs);
    int[] counts = division(division);
    SharedTraining.Body<Outcome> body =
        rank -> train(builder(model).collective(rank, counts), numEpochs);
    List<End<Outcome>> ends =
        tcp
            ? SharedTraining.overTcp(counts.length, body)
            : SharedTraining.inProcess(counts.length, body);
    for (End<Outcome> end : ends) {
      assertEquals(expected, end.get());
    }
  }

  @Test
  void weightsDigestsAndFiguresOfTwoRanksAreThoseOfOneProcess() {
    assertSameAsAlone(NORMALISED, "5:3", false, 2);
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @CsvSource({"8", "4:4", "3:3:2", "5:3", "2:2:2:2", "0:8", "1:7:0"})
  void everyDivisionGivesTheSameBits(String division) {
    for (GraphModel model :
        List.of(NORMALISED, GraphSage.of(8, 2).norm(Norm.NONE), GraphSage.of(8, 2))) {
      assertSameAsAlone(model, division, false, 3);
      assertSameAsAlone(model, division, true, 3);
    }
  }

  /** Its order depends on the division, so only the figures are near to those of one process. */
  @Test
  void sumOverTheRingIsTheSameOnAllRanksAndEveryTime() {
    Outcome alone = train(builder(NORMALISED), 2);
    SharedTraining.Body<Outcome> body =
        rank -> train(builder(NORMALISED).collective(rank).rankSum(RankSum.RING), 2);
    List<End<Outcome>> ends = SharedTraining.overTcp(2, body);
    Outcome first = ends.getFirst().get();
    assertEquals(first, ends.getLast().get());
    assertEquals(first, SharedTraining.overTcp(2, body).getFirst().get());
    assertNotEquals(alone.weights, first.weights);
    assertEquals(alone.epochs.getLast().digest, first.epochs.getLast().digest);
    double loss = alone.epochs.getLast().valid.loss();
    assertEquals(loss, first.epochs.getLast().valid.loss(), loss * 1e-3);
  }

  @Test
  void withoutNumbersTheFirstRanksHaveOneVirtualNodeMore() {
    Outcome expected = train(builder(NORMALISED), 1);
    for (End<Outcome> end :
        SharedTraining.inProcess(3, rank -> train(builder(NORMALISED).collective(rank), 1))) {
      assertEquals(expected, end.get());
    }
  }

  /** The end of an epoch measures them anew, so they are looked at within one. */
  @Test
  void runningStatisticsWithinAnEpochAreThoseOfAllRanks() {
    String alone = weightsAfterStep(builder(NORMALISED), 2);
    for (End<String> end :
        SharedTraining.inProcess(
            2, rank -> weightsAfterStep(builder(NORMALISED).collective(rank), 2))) {
      assertEquals(alone, end.get());
    }
  }

  private static String weightsAfterStep(TrainerBuilder builder, int step) {
    String[] weights = new String[1];
    try (GraphTrainer trainer = builder.build()) {
      trainer.epoch(
          new TrainingListener() {
            @Override
            public void batchDone(BatchProgress progress) {
              if (progress.batch() == step) {
                weights[0] = SharedTraining.weights(trainer);
              }
            }
          });
    }
    return weights[0];
  }

  private static List<Object> figures(FitResult result) {
    return List.of(
        result.bestEpoch(), result.valid(), result.tested(), result.validations().size());
  }

  @Tag("exhaustive")
  @Test
  void earlyStoppingPlateauAndBestModelAgreeOnAllRanks() throws Exception {
    UnaryOperator<TrainerBuilder> settings =
        it -> it.patience(2).schedule(new Schedule.Plateau(1, 0.5)).clipNorm(0.5);
    Path alone = directory.resolve("alone");
    Path shared = directory.resolve("shared");
    FitResult expected = fit(settings.apply(builder(NORMALISED)).saveTo(alone), 12);
    List<End<FitResult>> ends =
        SharedTraining.overTcp(
            3,
            rank ->
                fit(
                    settings
                        .apply(builder(NORMALISED))
                        .collective(rank)
                        .saveTo(rank.rank() == 0 ? shared : directory.resolve("never")),
                    12));
    for (End<FitResult> end : ends) {
      assertEquals(figures(expected), figures(end.get()));
    }
    assertEquals(
        -1,
        Files.mismatch(alone.resolve("model.safetensors"), shared.resolve("model.safetensors")));
    assertTrue(Files.notExists(directory.resolve("never")), "only rank 0 writes");
  }

  @Test
  void oneVirtualNodeMoreIsAnotherTraining() {
    assertNotEquals(
        train(builder(NORMALISED), 1).weights,
        train(builder(NORMALISED).virtualNodes(7), 1).weights);
  }
}
