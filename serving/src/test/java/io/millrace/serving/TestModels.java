package io.millrace.serving;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.Fanout;
import io.millrace.serving.models.ModelSettings;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** A small graph with names and classes, and models with random weights. */
final class TestModels {
  static final int NODES = 200;
  static final int DIM = 4;
  static final int CLASSES = 3;
  static final int HUB = 5;
  static final int HUB_DEGREE = 2000;

  private TestModels() {}

  static GraphDataset data() {
    Random random = new Random(3);
    long[] indptr = new long[NODES + 1];
    List<Integer> indices = new ArrayList<>();
    for (int v = 0; v < NODES; v++) {
      int degree = v == HUB ? HUB_DEGREE : random.nextInt(5);
      for (int i = 0; i < degree; i++) {
        int neighbor = random.nextInt(NODES);
        indices.add(neighbor == HUB ? 0 : neighbor);
      }
      indptr[v + 1] = indices.size();
    }
    float[] features = new float[NODES * DIM];
    int[] labels = new int[NODES];
    List<String> names = new ArrayList<>();
    for (int v = 0; v < NODES; v++) {
      labels[v] = v % CLASSES;
      names.add("node-" + v);
    }
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    CsrGraph graph = CsrGraph.of(indptr, indices.stream().mapToInt(Integer::intValue).toArray());
    return GraphDataset.builder("small", graph)
        .features(FeatureMatrix.of(DIM, features))
        .labels(NodeLabels.of(CLASSES, labels).withClassNames(List.of("red", "green", "blue")))
        .names(names)
        .build();
  }

  static void save(Path directory, long seed) {
    GraphModel kind = GraphSage.of(8, 2);
    try (Network network = new Network(kind, DIM, CLASSES, seed);
        NDList weights = network.copy()) {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      for (NDArray weight : weights) {
        boolean variance = weight.getName().endsWith("running_var");
        float[] values = new float[Math.toIntExact(weight.size())];
        for (int i = 0; i < values.length; i++) {
          values[i] = variance ? 0.5f + random.nextFloat() : 4 * random.nextFloat() - 2;
        }
        weight.set(values);
      }
      ModelFile.of(
              new ModelInfo(kind, DIM, CLASSES, false, "small", "0", "2,2", seed, 1, 0.5), weights)
          .save(directory);
    }
  }

  /**
   * @param sloMillis generous, where a test is not about time
   */
  static ModelSettings settings(ModelSettings.Mode mode, long sloMillis) {
    return new ModelSettings(
        sloMillis * 1_000_000,
        mode,
        Optional.<Fanout>empty(),
        0,
        mode == ModelSettings.Mode.EXACT,
        OptionalLong.of(1000),
        2000,
        0,
        1,
        1,
        1);
  }
}
