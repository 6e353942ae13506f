package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankSum;
import io.millrace.ranks.RanksPausedException;
import io.millrace.training.SharedTraining.End;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import io.millrace.training.optim.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that ranks share is that of one process, bit for bit. */
class RanksTest {
  private static final GraphModel NORMALISED = GraphSage.of(8, 2).norm(Norm.BATCH).dropout(0.3);

  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();
  @TempDir private Path directory;

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /** 392 seeds: three steps of 129, and one of 5, which is fewer than virtual nodes. */
  private TrainerBuilder builder(GraphModel model) {
    return GraphTrainer.builder(data)
        .model(model)
        .fanout(4, 3)
        .evalFanout(4, 3)
        .batchSize(129)
        .virtualNodes(8)
        .learningRate(0.02)
        .computeThreads(1);
  }

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

  private FitResult fit(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE);
    }
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

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Trains until a step of an epoch, and ends as if it was killed there. */
  private void interrupted(TrainerBuilder builder, int epoch, int step) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            if (progress.epoch() == epoch && progress.batch() == step) {
              throw new Stop();
            }
          }
        };
    assertThrows(Stop.class, () -> fit(builder, 3, listener));
  }

  private static FitResult fit(TrainerBuilder builder, int numEpochs, TrainingListener listener) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, listener);
    }
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

  // ---- failures ----

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
        1, ends, "a rank has failed: rank=1, step=2, cause=io.millrace.training.RanksTest$Stop");
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
  void oneVirtualNodeMoreIsAnotherTraining() {
    assertNotEquals(
        train(builder(NORMALISED), 1).weights,
        train(builder(NORMALISED).virtualNodes(7), 1).weights);
  }
}
