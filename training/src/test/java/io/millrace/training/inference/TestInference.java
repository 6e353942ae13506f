package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.Fault;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.models.Matrix;
import io.millrace.training.models.Reference;
import io.millrace.training.models.SmallGraph;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A model with random parameters in a file, a graph, and what an inference makes of them. */
public final class TestInference {
  public static final int IN = 5;
  public static final int CLASSES = 3;
  static final int HUB = 7;
  static final int HUB_DEGREE = 3000;

  private TestInference() {}

  /** A random graph with nodes without neighbours, and with one whose row fills several chunks. */
  public static SmallGraph graphWithHub(long seed, int numNodes) {
    SmallGraph graph = SmallGraph.random(seed, numNodes, IN);
    graph.neighbors()[HUB] = new Random(seed).ints(HUB_DEGREE, 0, numNodes).toArray();
    return graph;
  }

  public static CsrGraph emptyGraph(int numNodes) {
    return CsrGraph.of(new long[numNodes + 1], new int[0]);
  }

  public static GraphDataset dataset(SmallGraph graph) {
    int[][] neighbors = graph.neighbors();
    long[] indptr = new long[neighbors.length + 1];
    for (int v = 0; v < neighbors.length; v++) {
      indptr[v + 1] = indptr[v] + neighbors[v].length;
    }
    int[] indices = Arrays.stream(neighbors).flatMapToInt(Arrays::stream).toArray();
    float[] features = new float[neighbors.length * IN];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) graph.x().row(i / IN)[i % IN];
    }
    return GraphDataset.builder("small", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(IN, features))
        .build();
  }

  /** Writes a model whose parameters are all random. */
  public static ModelFile model(
      Path directory, GraphModel model, int inputDim, int numClasses, long seed) {
    try (Network network = new Network(model, inputDim, numClasses, seed);
        NDList weights = randomWeights(network, seed)) {
      ModelFile.of(
              new ModelInfo(model, inputDim, numClasses, false, "small", "0", "-1", seed, 0, 0.5),
              weights)
          .save(directory);
    }
    return ModelFile.read(directory);
  }

  /** Every parameter: also what begins as 0 or 1 and would hide that it is left out. */
  private static NDList randomWeights(Network network, long seed) {
    Random random = new Random(seed);
    NDList weights = network.copy();
    for (NDArray weight : weights) {
      boolean variance = weight.getName().endsWith("running_var");
      float[] values = new float[Math.toIntExact(weight.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = variance ? 0.5f + random.nextFloat() : 1.6f * random.nextFloat() - 0.8f;
      }
      weight.set(values);
    }
    return weights;
  }

  /** The logits of all results, row after row. */
  public static float[] logits(
      GraphDataset data, ModelFile model, Path work, UnaryOperator<InferenceBuilder> with) {
    InferenceBuilder builder =
        GraphInference.builder(data, model).memory(1 << 20).rangeNodes(16).computeThreads(1);
    try (GraphInference inference = with.apply(builder).build();
        InferenceResults results = inference.results(work, InferenceListener.NONE)) {
      float[] all = new float[results.numNodes() * results.numClasses()];
      int at = 0;
      for (ResultChunk chunk : results) {
        System.arraycopy(chunk.logits(), 0, all, at, chunk.logits().length);
        at += chunk.logits().length;
      }
      return all;
    }
  }

  /** The greatest difference, in units of the greatest expected value (at least 1). */
  public static double difference(float[] expected, float[] found) {
    double scale =
        IntStream.range(0, expected.length)
            .mapToDouble(i -> Math.abs(expected[i]))
            .reduce(1, Math::max);
    return IntStream.range(0, expected.length)
            .mapToDouble(i -> Math.abs(expected[i] - found[i]))
            .reduce(expected.length == found.length ? 0 : Double.NaN, Math::max)
        / scale;
  }

  /** By the formula, over the whole graph at once. */
  public static float[] reference(ModelFile file, GraphModel model, SmallGraph graph) {
    return reference(file, model, graph, CLASSES);
  }

  public static float[] reference(
      ModelFile file, GraphModel model, SmallGraph graph, int numClasses) {
    try (Network network = new Network(model, graph.x().width(), numClasses, 0)) {
      try (NDList weights = file.weights(network.manager())) {
        network.restore(weights);
      }
      Matrix logits =
          new Reference(network, graph.neighbors(), Fault.NONE).logits(model, graph.x());
      float[] values = new float[logits.height() * numClasses];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) logits.row(i / numClasses)[i % numClasses];
      }
      return values;
    }
  }
}
