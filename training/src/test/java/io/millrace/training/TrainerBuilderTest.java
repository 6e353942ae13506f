package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.transfer.PipelineSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TrainerBuilderTest {
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();
  private final TrainerBuilder builder = GraphTrainer.builder(data).model(GraphSage.of(4, 2));

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  @Test
  void rejectsFanoutShorterThanModel() {
    assertRejected(
        "fanout must have one entry per layer: fanout=10, layers=2",
        () -> builder.fanout(10).build());
    assertRejected(
        "fanout must have one entry per layer: evalFanout=20,20,20, layers=2",
        () -> builder.fanout(10, 10).evalFanout(20, 20, 20).build());
  }

  @Test
  void aModelWithoutHopsNeedsNoFanout() {
    try (GraphTrainer trainer = builder.model(Mlp.of(4, 3)).fanout(10, 10).build()) {
      assertEquals(0, trainer.epoch().stats().numEdges());
    }
  }

  @Test
  void rejectsSettingsThatAreNeverRight() {
    assertRejected("batchSize must be positive", () -> builder.batchSize(0));
    assertRejected("learningRate must be positive", () -> builder.learningRate(0));
    assertRejected("learningRate must be positive", () -> builder.learningRate(Double.NaN));
    assertRejected("weight decay must not be negative", () -> builder.weightDecay(-1));
    assertRejected("workers must be positive", () -> PipelineSettings.defaults().workers(0));
    assertRejected("slots must be positive", () -> PipelineSettings.defaults().slots(0));
    assertRejected("slots is too large", () -> PipelineSettings.defaults().slots(1025));
    assertRejected("deviceSlots is too large", () -> PipelineSettings.defaults().deviceSlots(1025));
    assertRejected("computeThreads must be positive", () -> builder.computeThreads(0));
    assertRejected("dropout must be in [0, 1)", () -> GraphSage.of(4, 2).dropout(1));
    assertRejected("a model needs at least one layer", () -> Mlp.of(4, 0));
  }

  @Test
  void rejectsADatasetWithoutFeaturesLabelsOrTrainingNodes() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 1}, new int[] {1});
    GraphDataset.Builder parts = GraphDataset.builder("bare", graph);
    assertRejected("dataset has no features: dataset=bare", parts);
    parts.features(FeatureMatrix.of(1, new float[] {1, 2}));
    assertRejected("dataset has no labels: dataset=bare", parts);
    parts.labels(NodeLabels.of(2, new int[] {0, 1}));
    assertRejected("dataset has no such split: dataset=bare, split=train", parts);
    parts.split(Split.TRAIN);
    assertRejected("split has no nodes: dataset=bare, split=train", parts);
    parts.split(Split.TRAIN, 0);
    assertFitRejected("dataset has no such split: dataset=bare, split=valid", parts);
    parts.split(Split.VALID, 1);
  }

  private static void assertFitRejected(String message, GraphDataset.Builder parts) {
    try (GraphDataset dataset = parts.build();
        GraphTrainer trainer = GraphTrainer.builder(dataset).model(Mlp.of(2, 1)).build()) {
      assertRejected(message, () -> trainer.fit(1, TrainingListener.NONE));
    }
  }

  private static void assertRejected(String message, GraphDataset.Builder parts) {
    try (GraphDataset dataset = parts.build()) {
      assertRejected(message, () -> GraphTrainer.builder(dataset).model(Mlp.of(2, 1)).build());
    }
  }

  private static void assertRejected(String message, Executable action) {
    BadInputException e = assertThrows(BadInputException.class, action);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
