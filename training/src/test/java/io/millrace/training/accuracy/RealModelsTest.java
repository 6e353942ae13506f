package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Runs;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.models.SageRi;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accuracy of the other models on real graphs: trained on 10 sampled neighbours per hop, evaluated
 * on all of them, mean of three seeds on cora and one seed on the larger graph. Trained on whole
 * graphs, a GCN reaches 80.9 on cora and 93.7 on facebook-pagepage, and a GAT 92.9 there.
 */
@Tag("exhaustive")
class RealModelsTest {
  @TempDir private Path directory;

  @Test
  void coraIsLearnedByEveryModel() {
    try (GraphDataset data = RealGraph.cora(directory)) {
      assertAll(
          () -> assertCora(data, Gcn.of(16, 2).norm(Norm.NONE), 0.795),
          () -> assertCora(data, Gat.of(16, 2).norm(Norm.NONE), 0.775),
          () -> assertCora(data, Gin.of(16, 2).norm(Norm.NONE), 0.72),
          () -> assertCora(data, JumpingKnowledge.of(16, 2).norm(Norm.NONE), 0.765),
          () -> assertCora(data, SageRi.of(16, 2).dropout(0.5), 0.70));
    }
  }

  private static void assertCora(GraphDataset data, GraphModel model, double atLeast) {
    assertAccuracy(
        GraphTrainer.builder(data).batchSize(140).weightDecay(5e-4), model, 3, 200, atLeast);
  }

  @Test
  void facebookPagesAreLearnedByEveryModel() {
    ImportOptions options = ImportOptions.defaults();
    try (GraphDataset data = RealGraph.imported(directory, "facebook-pagepage", options)) {
      assertAll(
          () -> assertPages(data, Gcn.of(64, 2), 0.93),
          () -> assertPages(data, Gat.of(64, 2), 0.93),
          () -> assertPages(data, Gin.of(64, 2), 0.92),
          () -> assertPages(data, JumpingKnowledge.of(64, 2).jump(Jump.MAX), 0.925),
          () -> assertPages(data, SageRi.of(64, 2), 0.92));
    }
  }

  private static void assertPages(GraphDataset data, GraphModel model, double atLeast) {
    assertAccuracy(GraphTrainer.builder(data), model, 1, 20, atLeast);
  }

  private static void assertAccuracy(
      TrainerBuilder builder, GraphModel model, int numRuns, int numEpochs, double atLeast) {
    builder.model(model).fanout(10, 10).evalFanout(-1, -1).learningRate(0.01);
    Runs runs =
        Runs.run(
            numRuns,
            seed -> {
              try (GraphTrainer trainer = builder.seed(seed).build()) {
                return trainer.fit(numEpochs, TrainingListener.NONE);
              }
            });
    double accuracy = runs.test().mean();
    assertTrue(accuracy >= atLeast, model + ": " + accuracy);
  }
}
