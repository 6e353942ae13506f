package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.Fanout;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SageRi;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model learns from the planted graph what an MLP cannot: the classes of the neighbours. */
class PlantedModelsTest {
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  static Stream<GraphModel> models() {
    return Stream.of(
        GraphSage.of(16, 2),
        GraphSage.of(16, 2).aggregator(Aggregator.MAX).norm(Norm.LAYER),
        GraphSage.of(16, 2).aggregator(Aggregator.SUM).residual(true),
        Gcn.of(16, 2),
        Gat.of(16, 2),
        Gin.of(16, 2),
        SageRi.of(16, 2),
        JumpingKnowledge.of(16, 2),
        JumpingKnowledge.of(16, 2).jump(Jump.MAX).activation(Nonlinearity.LEAKY_RELU));
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("exhaustive")
  void learnsFromTheNeighbours(GraphModel model) {
    double accuracy = accuracy(model);
    assertTrue(accuracy > 0.85, model + ": " + accuracy);
  }

  @Test
  void anMlpHasOnlyTheFeatures() {
    double accuracy = accuracy(Mlp.of(16, 2));
    assertTrue(accuracy < 0.75, "mlp: " + accuracy);
  }

  private static double accuracy(GraphModel model) {
    try (GraphDataset data = Planted.dataset();
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(model)
                .fanout(Fanout.uniform(6, model.numHops()))
                .batchSize(100)
                .learningRate(0.01)
                .computeThreads(1)
                .build()) {
      for (int epoch = 0; epoch < 15; epoch++) {
        trainer.epoch();
      }
      return trainer.evaluate(Split.TEST).accuracy();
    }
  }
}
