package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.Schedule;
import io.millrace.transfer.PipelineSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is interrupted and goes on gives what the uninterrupted one gives, exactly. */
class ResumeTest {
  private static final int EPOCHS = 6;
  private static final int BATCHES = 7; // 400 seeds, 64 a batch

  /** Of all epochs; null before the first test that needs it. */
  private static Outcome whole;

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /** Where something remembers: moments, running statistics, dropout, a plateau. */
  private TrainerBuilder builder() {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .fanout(4, 4)
        .evalFanout(4, 4)
        .batchSize(64)
        .learningRate(0.03)
        .schedule(new Schedule.WarmUp(1, new Schedule.Plateau(1, 0.5)))
        .clipNorm(1)
        .computeThreads(1);
  }

  private static void interrupt(TrainerBuilder builder, int epoch, int batch) {
    try (GraphTrainer trainer = builder.build()) {
      assertThrows(StopAt.Stopped.class, () -> trainer.fit(EPOCHS, new StopAt(epoch, batch)));
    }
  }

  private static FitResult fit(TrainerBuilder builder, int epochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(epochs, TrainingListener.NONE);
    }
  }

  private record Outcome(List<Object> figures, byte[] model) {
    static Outcome of(FitResult result, Path directory) throws IOException {
      List<Object> figures = new ArrayList<>();
      result.epochs().forEach(it -> figures.add(it.training()));
      figures.addAll(List.of(result.bestEpoch(), result.valid(), result.test()));
      figures.add(result.batchesDigest());
      return new Outcome(figures, Files.readAllBytes(directory.resolve("model.safetensors")));
    }

    void assertSame(Outcome other, String when) {
      assertEquals(figures, other.figures, when);
      assertArrayEquals(model, other.model, when);
    }
  }

  private Outcome uninterrupted() throws IOException {
    if (whole == null) {
      whole = uninterrupted(EPOCHS);
    }
    return whole;
  }

  private Outcome uninterrupted(int epochs) throws IOException {
    Path directory = folder.resolve("uninterrupted-" + epochs);
    return Outcome.of(fit(builder().saveTo(directory), epochs), directory);
  }

  @Test
  void anInterruptedTrainingEndsAsTheUninterruptedOneBitForBit() throws IOException {
    Outcome expected = uninterrupted();
    long seed = 5;
    Random random = new Random(seed);
    for (int every = 1; every <= 3; every++) {
      Path directory = folder.resolve("every-" + every);
      TrainerBuilder builder = builder().saveTo(directory).checkpointEvery(every);
      interrupt(builder, random.nextInt(2), random.nextInt(BATCHES));
      builder.resumeFrom(directory);
      interrupt(builder, 2 + random.nextInt(2), random.nextInt(BATCHES));
      interrupt(builder, 4 + random.nextInt(2), random.nextInt(BATCHES));
      Outcome found = Outcome.of(fit(builder, EPOCHS), directory);
      expected.assertSame(found, "seed " + seed + ", every " + every);
    }
  }

  @Test
  void resumesInTheMiddleOfAnEpochWhateverTheDraw() throws IOException {
    assertResumes(List.of(Draw.weighted(), Draw.weightedWithReplacement(), Draw.labor()));
  }

  @Test
  @Tag("exhaustive")
  void resumesInTheMiddleOfAnEpochWithEveryDraw() throws IOException {
    assertResumes(Draw.ALL);
  }

  @Test
  void resumesInTheMiddleOfAnEpochOfSeveralLabels() throws IOException {
    try (GraphDataset labels = Planted.severalLabels()) {
      assertResumes(() -> small(labels, Draw.uniform()), "labels");
    }
  }

  private void assertResumes(List<Draw> draws) throws IOException {
    float[] weights = new float[(int) data.graph().numEdges()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 5;
    }
    try (GraphDataset weighted = weighted(weights)) {
      for (Draw draw : draws) {
        assertResumes(() -> small(weighted, draw), draw.toString());
      }
    }
  }

  private void assertResumes(Supplier<TrainerBuilder> training, String name) throws IOException {
    Path whole = folder.resolve("whole-" + name);
    Path resumed = folder.resolve("resumed-" + name);
    Outcome expected = Outcome.of(fit(training.get().saveTo(whole), 2), whole);
    TrainerBuilder builder = training.get().saveTo(resumed).checkpointEvery(1);
    builder.pipeline(PipelineSettings.defaults().workers(1));
    try (GraphTrainer trainer = builder.build()) {
      assertThrows(StopAt.Stopped.class, () -> trainer.fit(2, new StopAt(1, 2)));
    }
    builder.resumeFrom(resumed);
    expected.assertSame(Outcome.of(fit(builder, 2), resumed), name);
  }

  private GraphDataset weighted(float[] weights) {
    GraphDataset.Builder builder =
        GraphDataset.builder("weighted", data.graph())
            .edges(
                EdgeAttributes.NONE
                    .withWeights(MemorySegment.ofArray(weights))
                    .withTimes(MemorySegment.ofArray(new long[weights.length])))
            .features(data.features())
            .labels(data.labels());
    for (Split split : Split.values()) {
      builder.split(split, data.nodes(split));
    }
    return builder.build();
  }

  private static TrainerBuilder small(GraphDataset data, Draw draw) {
    Aggregator aggregator = draw.hasScale() ? Aggregator.WEIGHTED_MEAN : Aggregator.MEAN;
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2).aggregator(aggregator))
        .fanout(3, 3)
        .evalFanout(3, 3)
        .batchSize(64)
        .draw(draw)
        .pipeline(PipelineSettings.defaults().workers(2))
        .computeThreads(1);
  }

  @Test
  void goesOnInTheMiddleOfAnEpochWhereTheLastCheckpointWas() {
    TrainerBuilder builder = builder().saveTo(folder).checkpointEvery(2);
    interrupt(builder, 1, 4);
    try (GraphTrainer trainer = builder.resumeFrom(folder).build()) {
      assertEquals(new TrainingPosition(1, 4, BATCHES), trainer.position());
    }
    interrupt(builder, 2, 0);
    try (GraphTrainer trainer = builder.build()) {
      assertEquals(new TrainingPosition(2, 0, BATCHES), trainer.position());
    }
  }

  /** A process may end between the two files: the model is then an epoch ahead. */
  @Test
  void aModelThatIsAheadOfItsCheckpointDoesNoHarm() throws IOException {
    Outcome expected = uninterrupted();
    Path older = folder.resolve("older");
    TrainingListener keepsTheFirst =
        new TrainingListener() {
          @Override
          public void epochDone(EpochReport report, Evaluation valid) {
            if (report.epoch() == 1) { // the checkpoint is still that of the epoch before
              copy(checkpoint(folder), older);
            }
          }
        };
    TrainerBuilder builder = builder().saveTo(folder);
    try (GraphTrainer trainer = builder.build()) {
      trainer.fit(EPOCHS, keepsTheFirst);
    }
    copy(older, checkpoint(folder));
    expected.assertSame(Outcome.of(fit(builder.resumeFrom(folder), EPOCHS), folder), "ahead");
  }

  @Test
  void aTrainingThatIsSavedElsewhereTakesItsBestModelAlong() throws IOException {
    Outcome expected = uninterrupted(3);
    Path copy = folder.resolve("copy");
    FitResult result = fit(builder().resumeFrom(folder.resolve("uninterrupted-3")).saveTo(copy), 3);
    expected.assertSame(Outcome.of(result, copy), "nothing was left to train");
  }

  @Test
  void moreEpochsGoOnFromTheLastAndNotFromTheBest() throws IOException {
    Outcome expected = uninterrupted();
    TrainerBuilder builder = builder().saveTo(folder);
    fit(builder, 2);
    expected.assertSame(Outcome.of(fit(builder.resumeFrom(folder), EPOCHS), folder), "2 of 6");
    BadInputException e = assertThrows(BadInputException.class, () -> fit(builder, 5));
    assertEquals("checkpoint is past the last epoch: epochs=5, done=6", e.getMessage());
  }

  @Test
  void whereThereIsNoCheckpointTheTrainingStartsAtTheBeginning() throws IOException {
    Outcome expected = uninterrupted(2);
    TrainerBuilder builder = builder().saveTo(folder).resumeFrom(folder);
    try (GraphTrainer trainer = builder.build()) {
      assertTrue(trainer.position().atStart());
      expected.assertSame(
          Outcome.of(trainer.fit(2, TrainingListener.NONE), folder), "from the beginning");
    }
    try (GraphTrainer trainer = builder.build()) {
      assertFalse(trainer.position().atStart());
    }
  }

  @Test
  @Tag("exhaustive")
  void everyOptimizerGoesOnExactly() throws IOException {
    for (Optimizer optimizer : List.of(Optimizer.adamW(), Optimizer.sgd(0.9), Optimizer.sgd(0))) {
      Path whole = folder.resolve("whole" + optimizer);
      Outcome expected =
          Outcome.of(fit(builder().optimizer(optimizer).saveTo(whole), EPOCHS), whole);
      Path parts = folder.resolve("parts" + optimizer);
      TrainerBuilder builder = builder().optimizer(optimizer).saveTo(parts).checkpointEvery(2);
      interrupt(builder, 2, 3);
      Outcome found = Outcome.of(fit(builder.resumeFrom(parts), EPOCHS), parts);
      expected.assertSame(found, optimizer.toString());
    }
  }

  @Test
  @Tag("exhaustive")
  void anotherMappingOfTheVirtualNodesContinuesTheSameCurve() throws IOException {
    Path whole = folder.resolve("whole");
    Outcome expected = Outcome.of(fit(builder().virtualNodes(8).saveTo(whole), EPOCHS), whole);
    Path parts = folder.resolve("parts");
    TrainerBuilder builder = builder().virtualNodes(8).saveTo(parts).checkpointEvery(2);
    interrupt(
        builder.virtualNodesPerWave(8).pipeline(PipelineSettings.defaults().workers(3)), 1, 4);
    interrupt(
        builder
            .resumeFrom(parts)
            .virtualNodesPerWave(2)
            .pipeline(PipelineSettings.defaults().workers(1)),
        3,
        2);
    FitResult result =
        fit(
            builder.virtualNodesPerWave(3).pipeline(PipelineSettings.defaults().workers(2)),
            EPOCHS);
    expected.assertSame(Outcome.of(result, parts), "8, then 2, then 3 at a time");
  }

  /** Where the best epoch and a lower learning rate lie before the interruption. */
  @Test
  @Tag("exhaustive")
  void whatTheFirstEpochsDecidedIsNotForgotten() throws IOException {
    int epochs = 12;
    int interrupted = 9;
    TrainerBuilder wild = builder().learningRate(3).schedule(new Schedule.Plateau(1, 0.9));
    Path whole = folder.resolve("whole");
    FitResult result = fit(wild.saveTo(whole), epochs);
    Outcome expected = Outcome.of(result, whole);
    assertTrue(result.bestEpoch() < interrupted, "best epoch " + result.bestEpoch());
    assertTrue(result.epochs().get(interrupted - 1).learningRate() < 2.5, "no plateau");
    Path parts = folder.resolve("parts");
    try (GraphTrainer trainer = wild.saveTo(parts).build()) {
      assertThrows(StopAt.Stopped.class, () -> trainer.fit(epochs, new StopAt(interrupted, 2)));
    }
    expected.assertSame(Outcome.of(fit(wild.resumeFrom(parts), epochs), parts), "after 9 of 12");
  }

  @Test
  void aLoopOfOnesOwnGoesOnExactly() {
    List<Object> expected = new ArrayList<>();
    try (GraphTrainer trainer = builder().build()) {
      for (int epoch = 0; epoch < 4; epoch++) {
        expected.add(trainer.epoch().training());
      }
    }
    try (GraphTrainer trainer = builder().build()) {
      trainer.epoch();
      trainer.epoch();
      trainer.saveCheckpoint(folder);
    }
    try (GraphTrainer trainer = builder().resumeFrom(folder).build()) {
      assertEquals(2, trainer.position().epoch());
      assertEquals(expected.get(2), trainer.epoch().training());
      assertEquals(expected.get(3), trainer.epoch().training());
      assertNotEquals(expected.get(2), expected.get(3));
    }
  }

  @Test
  void noCheckpointIsSavedByHandWithinAnEpochOrAfterTheLast() {
    try (GraphTrainer trainer = builder().build()) {
      TrainingListener saving =
          new TrainingListener() {
            @Override
            public void batchDone(BatchProgress progress) {
              trainer.saveCheckpoint(folder);
            }
          };
      assertThrows(IllegalStateException.class, () -> trainer.epoch(saving));
      trainer.fit(1, TrainingListener.NONE);
      assertThrows(IllegalStateException.class, () -> trainer.saveCheckpoint(folder));
      assertFalse(Files.exists(checkpoint(folder)));
    }
  }

  private static Path checkpoint(Path directory) {
    return directory.resolve("checkpoint.safetensors");
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
