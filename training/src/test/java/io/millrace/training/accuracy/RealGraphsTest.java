package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Runs;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accuracy on real graphs, trained and evaluated by sampling 10 neighbours per hop and 20: mean of
 * three seeds, test at the best validation epoch. PyG's sampled GraphSAGE with the same settings
 * reaches 79.8 on cora and 93.4 on facebook-pagepage; and, evaluated with all neighbours, 91.6 on
 * amazon-computers, 96.5 on coauthor-physics and a ROC AUC of 83.4 on tolokers.
 */
@Tag("exhaustive")
class RealGraphsTest {
  private static final GraphModel SAGE = GraphSage.of(64, 2);
  private static final GraphModel MLP = Mlp.of(64, 2);
  private static final GraphModel SMALL_SAGE = GraphSage.of(16, 2).norm(Norm.NONE);
  private static final GraphModel SMALL_MLP = Mlp.of(16, 2).norm(Norm.NONE);

  @TempDir private Path directory;

  @Test
  void coraIsLearnedFromItsCitations() {
    try (GraphDataset data = cora()) {
      double sage = coraAccuracy(data, SMALL_SAGE);
      double mlp = coraAccuracy(data, SMALL_MLP);
      assertTrue(sage >= 0.78 && sage >= mlp + 0.15, "sage=" + sage + ", mlp=" + mlp);
    }
  }

  @Test
  void facebookPagesAreLearnedFromTheirLinks() {
    try (GraphDataset data = imported("facebook-pagepage", ImportOptions.defaults())) {
      double sage = accuracy(data, SAGE, 1024, 0.01);
      double mlp = accuracy(data, MLP, 1024, 0.01);
      assertTrue(sage >= 0.925 && sage >= mlp + 0.08, "sage=" + sage + ", mlp=" + mlp);
    }
  }

  @Test
  void computersAreLearnedFromWhatIsBoughtTogether() {
    ImportOptions options = ImportOptions.defaults().withSplit("random602020");
    try (GraphDataset data = imported("amazon-computers", options)) {
      TrainerBuilder builder =
          GraphTrainer.builder(data).model(SAGE).fanout(10, 10).evalFanout(-1, -1).batchSize(512);
      double sage = mean(builder.learningRate(0.003), 2, 20);
      assertTrue(sage >= 0.915, "sage=" + sage);
    }
  }

  @Test
  void physicistsAreLearnedFromWhomTheyWriteWith() {
    ImportOptions options = ImportOptions.defaults().withSplit("random602020");
    try (GraphDataset data = imported("coauthor-physics", options)) {
      TrainerBuilder builder =
          GraphTrainer.builder(data).model(SAGE).fanout(10, 10).evalFanout(-1, -1);
      double sage = mean(builder.learningRate(0.003), 2, 15);
      assertTrue(sage >= 0.963, "sage=" + sage);
    }
  }

  @Test
  void tolokersAreRankedByHowLikelyTheyAreBanned() {
    ImportOptions options =
        ImportOptions.defaults().withSplit("h0").withNormalization(Normalization.COLUMN);
    try (GraphDataset data = imported("tolokers", options)) {
      TrainerBuilder builder =
          GraphTrainer.builder(data)
              .model(GraphSage.of(64, 3).dropout(0.2))
              .metric(Metric.ROCAUC)
              .fanout(10, 10, 10)
              .evalFanout(-1, -1, -1)
              .batchSize(512);
      double sage = mean(builder.learningRate(0.003), 1, 60);
      assertTrue(sage >= 0.825, "sage=" + sage);
    }
  }

  private static double mean(TrainerBuilder builder, int numRuns, int numEpochs) {
    return Runs.run(
            numRuns,
            seed -> {
              try (GraphTrainer trainer = builder.seed(seed).build()) {
                return trainer.fit(numEpochs, TrainingListener.NONE);
              }
            })
        .test()
        .mean();
  }

  @Test
  void shuffledTrainingLabelsTeachNothing() {
    try (GraphDataset data = cora();
        GraphDataset control = Controls.shuffledTrainingLabels(data, 1)) {
      double sage = coraAccuracy(control, SMALL_SAGE);
      assertTrue(sage < 0.33, "sage=" + sage); // the largest class has 32 % of the test nodes
    }
  }

  @Test
  void aRewiredGraphIsNoBetterThanNone() {
    try (GraphDataset data = cora();
        GraphDataset control = Controls.rewired(data, 1)) {
      double mlp = coraAccuracy(data, SMALL_MLP);
      double sage = coraAccuracy(control, SMALL_SAGE);
      assertTrue(sage <= mlp, "sage=" + sage + ", mlp=" + mlp);
    }
  }

  @Test
  void aThousandStepsLeaveNoArrayBehind() {
    try (OpenResources _ = new OpenResources();
        GraphDataset data = cora();
        GraphTrainer trainer =
            GraphTrainer.builder(data).model(SMALL_SAGE).fanout(10, 10).batchSize(14).build()) {
      int before = OpenResources.count();
      for (int epoch = 0; epoch < 100; epoch++) {
        assertEquals(10, trainer.epoch().stats().numBatches());
      }
      assertEquals(before, OpenResources.count());
    }
  }

  private GraphDataset cora() {
    return RealGraph.cora(directory);
  }

  private GraphDataset imported(String name, ImportOptions options) {
    return RealGraph.imported(directory, name, options);
  }

  private static double coraAccuracy(GraphDataset data, GraphModel model) {
    return Runs.run(
            3,
            seed ->
                fit(
                    GraphTrainer.builder(data)
                        .model(model)
                        .batchSize(140)
                        .learningRate(0.01)
                        .weightDecay(5e-4)
                        .seed(seed),
                    200))
        .test()
        .mean();
  }

  private static double accuracy(
      GraphDataset data, GraphModel model, int batchSize, double learningRate) {
    return Runs.run(
            3,
            seed ->
                fit(
                    GraphTrainer.builder(data)
                        .model(model)
                        .batchSize(batchSize)
                        .learningRate(learningRate)
                        .seed(seed),
                    20))
        .test()
        .mean();
  }

  private static FitResult fit(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.fanout(10, 10).build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE);
    }
  }
}
