package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.files.ModelFile;
import io.millrace.training.loss.LabelledNodes;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Of an MLP, whose hidden values depend on a node's own features alone. */
class PopulationStatisticsTest {
  private static final int HIDDEN = 3;

  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @TempDir private Path directory;

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /**
   * 392 labelled training nodes: 4 steps, the last a small one; and 40, more than are looked at.
   */
  @ParameterizedTest
  @CsvSource({"120, 1", "120, 3", "10, 1"})
  void anEpochEndsWithTheMeanOverTheNextBatchesByTheWeightsItHasReached(
      int batchSize, int virtualNodes) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(Mlp.of(HIDDEN, 2).dropout(0))
            .batchSize(batchSize)
            .virtualNodes(virtualNodes)
            .learningRate(0.1)
            .seed(5)
            .saveTo(directory);
    try (GraphTrainer trainer = builder.build()) {
      trainer.fit(1, TrainingListener.NONE);
    }
    EpochPlan plan =
        EpochPlan.of(LabelledNodes.of(data, Split.TRAIN), batchSize, 5).divided(virtualNodes);
    EpochPlan.Epoch next = plan.epoch(1);
    int numBatches = Math.min(PopulationStatistics.NUM_STEPS, next.numSteps()) * virtualNodes;

    try (NDManager manager = TorchEngine.newManager();
        NDList saved = ModelFile.read(directory).weights(manager)) {
      double[] mean = new double[HIDDEN];
      double[] variance = new double[HIDDEN];
      int[][] batches = IntStream.range(0, numBatches).mapToObj(next::seeds).toArray(int[][]::new);
      double numSeeds = Arrays.stream(batches).mapToInt(seeds -> seeds.length).sum();
      for (int[] seeds : batches) {
        for (int k = 0; k < HIDDEN; k++) {
          double[] z = hidden(saved, seeds, k);
          double m = Arrays.stream(z).average().orElseThrow();
          mean[k] += m * z.length / numSeeds;
          double squares = Arrays.stream(z).map(value -> (value - m) * (value - m)).sum();
          variance[k] += squares / (z.length - 1) * z.length / numSeeds;
        }
      }
      assertArrayEquals(mean, remembered(saved, "running_mean"), 1e-5);
      assertArrayEquals(variance, remembered(saved, "running_var"), 1e-4);
    }
  }

  /** One hidden value of some nodes, before it is normalised. */
  private double[] hidden(NDList weights, int[] nodes, int k) {
    float[] weight = weights.get("linear.0.weight").toFloatArray();
    float[] bias = weights.get("linear.0.bias").toFloatArray();
    double[] z = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      z[i] = bias[k];
      for (int j = 0; j < Planted.DIM; j++) {
        z[i] += weight[k * Planted.DIM + j] * data.features().get(nodes[i], j);
      }
    }
    return z;
  }

  private static double[] remembered(NDList weights, String name) {
    float[] values = weights.get("norm.0." + name).toFloatArray();
    return IntStream.range(0, HIDDEN).mapToDouble(k -> values[k]).toArray();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void onlyBatchNormalisationRemembersStatistics(Norm norm) {
    try (Network network = new Network(Mlp.of(HIDDEN, 2).norm(norm), 2, 2, 1)) {
      assertEquals(norm == Norm.BATCH, network.hasRunningStatistics());
    }
  }
}
