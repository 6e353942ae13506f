package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Norm;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitLoopTest {
  private static final GraphSage SAGE = GraphSage.of(16, 2);

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();
  private final TrainerBuilder builder =
      GraphTrainer.builder(data).model(SAGE).fanout(5, 5).batchSize(128).computeThreads(1);

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  @Test
  void endsWithTheWeightsOfTheBestEpoch() {
    List<Double> valid = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epochDone(EpochReport report, Evaluation evaluation) {
            valid.add(evaluation.accuracy());
          }
        };
    try (GraphTrainer trainer = builder.learningRate(0.1).build()) {
      FitResult result = trainer.fit(15, listener);
      assertTrue(result.bestEpoch() < 14, "the last epoch is the best: nothing to restore");
      double best = valid.stream().mapToDouble(it -> it).max().orElseThrow();
      assertEquals(valid.indexOf(best), result.bestEpoch());
      assertEquals(best, result.valid().accuracy());
      assertEquals(result.valid(), trainer.evaluate(Split.VALID));
      assertEquals(result.test(), trainer.evaluate(Split.TEST));
      assertEquals(15, result.epochs().size());
    }
  }

  @Test
  void trainsWithoutTestNodes() {
    int[] labels = data.labels().values().toArray(ValueLayout.JAVA_INT);
    for (int node : data.nodes(Split.TEST)) {
      labels[node] = NodeLabels.UNLABELLED;
    }
    NodeLabels untested = NodeLabels.of(Planted.NUM_CLASSES, labels);
    List<GraphDataset.Builder> parts =
        List.of(
            Planted.builder(FeatureType.FLOAT32).split(Split.TEST),
            Planted.builder(FeatureType.FLOAT32).labels(untested));
    for (GraphDataset.Builder part : parts) {
      try (GraphDataset without = part.build();
          GraphTrainer trainer =
              GraphTrainer.builder(without).model(SAGE).fanout(5, 5).computeThreads(1).build()) {
        FitResult result = trainer.fit(2, TrainingListener.NONE);
        assertEquals(Optional.empty(), result.tested());
        assertTrue(result.validMetric() > 0);
        assertFalse(new Runs(List.of(result)).tested());
        assertThrows(IllegalStateException.class, result::testMetric);
      }
    }
  }

  @Test
  void endsTheTraining() {
    Path directory = folder.resolve("model");
    try (GraphTrainer trainer = builder.saveTo(directory).build()) {
      Evaluation test = trainer.fit(2, TrainingListener.NONE).test();
      ModelInfo saved = ModelFile.read(directory).info();
      assertThrows(IllegalStateException.class, () -> trainer.fit(1, TrainingListener.NONE));
      assertThrows(IllegalStateException.class, trainer::epoch);
      assertThrows(IllegalStateException.class, () -> trainer.loadWeights(directory));
      assertEquals(saved, ModelFile.read(directory).info());
      assertEquals(test, trainer.evaluate(Split.TEST));
    }
  }

  @Test
  void weightsAreLoadedBeforeTheFirstEpochOnly() {
    Path directory = folder.resolve("model");
    try (GraphTrainer trainer = builder.saveTo(directory).build()) {
      trainer.fit(1, TrainingListener.NONE);
    }
    try (GraphTrainer trainer = builder.build()) {
      trainer.loadWeights(directory);
      trainer.epoch();
      assertThrows(IllegalStateException.class, () -> trainer.loadWeights(directory));
    }
  }

  @Test
  void weightsThatTheLastBatchRuinedAreNeitherReportedNorSaved() {
    Path directory = folder.resolve("model");
    builder.model(SAGE.norm(Norm.NONE)).batchSize(Planted.NUM_NODES).learningRate(1e30);
    try (GraphTrainer trainer = builder.saveTo(directory).build()) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> trainer.fit(1, TrainingListener.NONE));
      assertTrue(e.getMessage().startsWith("loss is not finite"), e.getMessage());
      assertTrue(e.getMessage().endsWith("split=valid, batch=0"), e.getMessage());
      assertFalse(Files.exists(directory));
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNoticedWhenTheTrainerIsBuilt() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    for (Path directory : List.of(file, file.resolve("model"), file.resolve("a/b"))) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> builder.saveTo(directory).build());
      assertEquals(
          "model cannot be saved, no directory to write into: directory="
              + directory
              + ", found="
              + file,
          e.getMessage());
    }
    Path fresh = folder.resolve("a/b/c");
    builder.saveTo(fresh).build().close();
    assertFalse(Files.exists(folder.resolve("a")), "a check leaves no trace");
  }

  @Test
  void aFailureToSaveNamesTheFileAndTheCause() throws IOException {
    Path occupied = Files.createDirectories(folder.resolve("model/model.safetensors/x"));
    try (GraphTrainer trainer = builder.saveTo(folder.resolve("model")).build()) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> trainer.fit(1, TrainingListener.NONE));
      assertTrue(
          e.getMessage().startsWith("model cannot be saved: file=" + occupied.getParent()),
          e.getMessage());
      assertTrue(e.getMessage().contains(", cause=java.nio.file."), e.getMessage());
    }
  }
}
