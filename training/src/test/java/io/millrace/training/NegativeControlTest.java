package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where there is nothing to learn, nothing is learned: means of some runs on the planted graph. */
class NegativeControlTest {
  private static final int NUM_RUNS = 4;
  private static final GraphModel SAGE = GraphSage.of(16, 2);
  private static final GraphModel MLP = Mlp.of(16, 2);

  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  @Test
  void shuffledTrainingLabelsTeachNothing() {
    double sum = 0;
    for (int run = 0; run < NUM_RUNS; run++) {
      try (GraphDataset control = Controls.shuffledTrainingLabels(data, run)) {
        sum += accuracy(control, SAGE, run);
      }
    }
    double chance = 1.0 / Planted.NUM_CLASSES;
    assertTrue(sum / NUM_RUNS < chance + 0.1, "sage=" + sum / NUM_RUNS);
  }

  @Test
  void aRewiredGraphIsNoBetterThanNone() {
    double sage = 0;
    double mlp = 0;
    for (int run = 0; run < NUM_RUNS; run++) {
      try (GraphDataset control = Controls.rewired(data, run)) {
        sage += accuracy(control, SAGE, run) / NUM_RUNS;
      }
      mlp += accuracy(data, MLP, run) / NUM_RUNS;
    }
    assertTrue(sage <= mlp, "sage=" + sage + ", mlp=" + mlp);
  }

  private static double accuracy(GraphDataset data, GraphModel model, long seed) {
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(model)
            .fanout(5, 5)
            .batchSize(128)
            .learningRate(0.01)
            .computeThreads(1)
            .seed(seed)
            .build()) {
      return trainer.fit(10, TrainingListener.NONE).test().accuracy();
    }
  }
}
