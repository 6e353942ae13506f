package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceResults;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop of one's own over epochs comes as far as fit does. */
class OwnLoopTest {
  private static final int EPOCHS = 5;

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private TrainerBuilder builder() {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .fanout(4, 4)
        .evalFanout(4, 4)
        .batchSize(64)
        .learningRate(0.2) // so wild that the last epoch is not the best
        .computeThreads(1);
  }

  private static byte[] savedIn(Path directory) throws IOException {
    return Files.readAllBytes(directory.resolve("model.safetensors"));
  }

  @Test
  void savesTheModelThatFitSavesBitForBit() throws IOException {
    FitResult expected;
    try (GraphTrainer trainer = builder().saveTo(folder.resolve("fit")).build()) {
      expected = trainer.fit(EPOCHS, TrainingListener.NONE);
    }
    assertNotEquals(EPOCHS - 1, expected.bestEpoch(), "the last epoch is the best");
    try (GraphTrainer trainer = builder().build()) {
      int best = -1;
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        trainer.epoch();
        if (epoch % 2 == 0) { // before keepBest, or by it
          trainer.evaluate(Split.VALID);
        }
        best = trainer.keepBest() ? epoch : best;
      }
      assertEquals(expected.bestEpoch(), best);
      assertEquals(expected.valid(), trainer.restoreBest());
      assertEquals(expected.test(), trainer.evaluate(Split.TEST));
      trainer.saveModel(folder.resolve("own"));
    }
    assertArrayEquals(savedIn(folder.resolve("fit")), savedIn(folder.resolve("own")));
  }

  @Test
  void aCheckpointHoldsTheWeightsThatWereKept() throws IOException {
    try (GraphTrainer trainer = builder().build()) {
      trainer.epoch();
      assertTrue(trainer.keepBest());
      trainer.saveModel(folder.resolve("kept"));
      trainer.epoch();
      trainer.saveCheckpoint(folder);
    }
    try (GraphTrainer trainer = builder().resumeFrom(folder).build()) {
      trainer.restoreBest();
      trainer.saveModel(folder.resolve("resumed"));
    }
    assertArrayEquals(savedIn(folder.resolve("kept")), savedIn(folder.resolve("resumed")));
  }

  @Test
  void aModelSaysWhatIsKnownOfItsWeights() {
    try (GraphTrainer trainer = builder().build()) {
      assertEquals(0, trainer.model().info().epoch());
      trainer.epoch();
      ModelFile first = trainer.model();
      assertEquals(1, first.info().epoch());
      assertTrue(Double.isNaN(first.info().validAccuracy()), "not evaluated");
      double accuracy = trainer.evaluate(Split.VALID).accuracy();
      assertEquals(accuracy, trainer.model().info().validAccuracy());
      trainer.saveModel(folder);
      assertEquals(trainer.model().info(), ModelFile.read(folder).info());
      trainer.epoch();
      assertTrue(Double.isNaN(trainer.model().info().validAccuracy()), "of the epoch before");
      assertEquals(1, first.info().epoch(), "a model does not change with its trainer");
    }
  }

  @Test
  void aChangedLearningRateIsThatOfABuilderAndSurvivesACheckpoint() {
    List<Evaluation> expected = new ArrayList<>();
    try (GraphTrainer built = builder().learningRate(0.05).build();
        GraphTrainer changed = builder().build()) {
      changed.learningRate(0.05);
      assertEquals(0.05, changed.learningRate());
      EpochReport report = changed.epoch();
      assertEquals(0.05, report.learningRate());
      assertEquals(built.epoch().training(), report.training());
      changed.saveCheckpoint(folder);
      expected.add(changed.epoch().training());
      changed.learningRate(0.01);
      expected.add(changed.epoch().training());
    }
    try (GraphTrainer resumed = builder().resumeFrom(folder).build()) {
      assertEquals(0.05, resumed.learningRate());
      List<Evaluation> found = new ArrayList<>();
      found.add(resumed.epoch().training());
      resumed.learningRate(0.01);
      found.add(resumed.epoch().training());
      assertEquals(expected, found);
      assertThrows(BadInputException.class, () -> resumed.learningRate(0));
    }
    TrainerBuilder other = builder().learningRate(0.01).resumeFrom(folder);
    assertThrows(BadInputException.class, other::build, "only by the explicit call");
  }

  @Test
  void nothingLearnsAfterTheBestWeightsAreRestored() {
    try (GraphTrainer trainer = builder().build()) {
      assertThrows(IllegalStateException.class, trainer::keepBest);
      assertThrows(IllegalStateException.class, trainer::restoreBest);
      trainer.epoch();
      trainer.keepBest();
      assertFalse(trainer.keepBest(), "the same weights are not better");
      trainer.restoreBest();
      assertThrows(IllegalStateException.class, trainer::epoch);
      assertThrows(IllegalStateException.class, trainer::keepBest);
      assertThrows(IllegalStateException.class, () -> trainer.learningRate(0.1));
      assertThrows(IllegalStateException.class, () -> trainer.saveCheckpoint(folder));
      assertThrows(IllegalStateException.class, () -> trainer.fit(1, TrainingListener.NONE));
      assertEquals(1, trainer.predict(3).size());
    }
  }

  @Test
  void predictsTheNodesInTheirOrderAsInferenceDoesAndChangesNothing() {
    TrainerBuilder exact = builder().evalFanout(Fanout.ALL, Fanout.ALL).evalBatchSize(3);
    int[] nodes = {900, 7, 1100, 7, 12, 0, 900, 7};
    try (GraphTrainer trainer = exact.build();
        GraphTrainer undisturbed = exact.build()) {
      trainer.epoch();
      undisturbed.epoch();
      ResultChunk found = trainer.predict(nodes);
      try (GraphInference inference =
              GraphInference.builder(data, trainer.model()).nodes(nodes).computeThreads(1).build();
          InferenceResults results =
              inference.results(folder.resolve("work"), InferenceListener.NONE)) {
        assertArrayEquals(nodes, found.nodes());
        assertArrayEquals(results.chunk(nodes).logits(), found.logits(), 1e-4f);
        assertArrayEquals(
            results.chunk(7, 900).logits(),
            trainer.predict(7, 900).logits(),
            1e-4f,
            "in another order");
        for (int other : new int[] {1, -1, 1200}) {
          BadInputException e =
              assertThrows(BadInputException.class, () -> results.chunk(7, other));
          assertEquals("there is no result for this node: id=" + other, e.getMessage());
        }
      }
      assertEquals(0, trainer.predict().size());
      BadInputException e = assertThrows(BadInputException.class, () -> trainer.predict(3, 1200));
      assertEquals("node id out of range: id=1200, position=1, numNodes=1200", e.getMessage());
      assertEquals(undisturbed.epoch().training(), trainer.epoch().training());
    }
  }

  @Test
  void predictionsAreThoseThatAnEvaluationCounts() {
    try (GraphTrainer trainer = builder().evalFanout(Fanout.ALL, Fanout.ALL).build()) {
      trainer.epoch();
      Evaluation expected = trainer.evaluate(Split.TEST);
      int[] nodes = data.nodes(Split.TEST);
      ResultChunk found = trainer.predict(nodes);
      int right = 0;
      for (int i = 0; i < nodes.length; i++) {
        right += found.predicted(i) == data.labels().get(nodes[i]) ? 1 : 0;
      }
      assertEquals(expected.accuracy() * expected.numNodes(), right, 1e-6);
      try (GraphInference inference =
          GraphInference.builder(data, trainer.model()).computeThreads(1).build()) {
        Evaluation exact =
            inference.evaluate(folder.resolve("work"), InferenceListener.NONE).get(Split.TEST);
        assertEquals(expected.accuracy(), exact.accuracy());
        assertEquals(expected.loss(), exact.loss(), 1e-5);
      }
    }
  }

  @Test
  void nothingIsPredictedWithinAnEpoch() {
    try (GraphTrainer trainer = builder().build()) {
      TrainingListener predicting =
          new TrainingListener() {
            @Override
            public void batchDone(BatchProgress progress) {
              assertThrows(IllegalStateException.class, () -> trainer.predict(1));
              assertThrows(IllegalStateException.class, trainer::keepBest);
              trainer.saveModel(folder); // between two steps
            }
          };
      trainer.epoch(predicting);
      assertEquals(0, ModelFile.read(folder).info().epoch());
    }
  }

  @Test
  void aDirectoryThatNothingIsSavedToIsReportedOnce() {
    List<String> log = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            log.add(record.getMessage() + " " + record.getParameters()[0]);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(GraphTrainer.class.getName());
    logger.addHandler(handler);
    try (GraphTrainer silent = builder().build();
        GraphTrainer own = builder().saveTo(folder).build();
        GraphTrainer fitting = builder().saveTo(folder.resolve("fit")).build()) {
      silent.epoch();
      own.epoch();
      own.epoch();
      fitting.fit(1, TrainingListener.NONE);
    } finally {
      logger.removeHandler(handler);
    }
    assertEquals(
        List.of(
            "epoch() saves nothing, call fit, or saveModel and saveCheckpoint: saveTo={0} "
                + folder),
        log);
  }
}
