package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphModel;
import java.util.function.LongFunction;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
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
  @Tag("exhaustive")
  void shuffledTrainingLabelsTeachNothing() {
    double chance = 1.0 / Planted.NUM_CLASSES;
    double real = mean(run -> accuracy(data, SAGE, run));
    double shuffled = meanOfControls(run -> Controls.shuffledTrainingLabels(data, run));
    assertGainIsLost(real, shuffled, chance);
  }

  @Test
  @Tag("exhaustive")
  void aRewiredGraphIsNoBetterThanNone() {
    double none = mean(run -> accuracy(data, MLP, run));
    double real = mean(run -> accuracy(data, SAGE, run));
    double rewired = meanOfControls(run -> Controls.rewired(data, run));
    assertGainIsLost(real, rewired, none);
  }

  /** What there is to learn is much, and the control has not even a quarter of it. */
  private static void assertGainIsLost(double real, double control, double without) {
    String seen = "real=%f, control=%f, without=%f".formatted(real, control, without);
    assertTrue(real - without > 0.3, seen);
    assertTrue(control - without < (real - without) / 4, seen);
  }

  private static double meanOfControls(LongFunction<GraphDataset> controls) {
    return mean(
        run -> {
          try (GraphDataset control = controls.apply(run)) {
            return accuracy(control, SAGE, run);
          }
        });
  }

  private static double mean(LongToDoubleFunction figure) {
    return LongStream.range(0, NUM_RUNS).mapToDouble(figure).average().orElseThrow();
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
