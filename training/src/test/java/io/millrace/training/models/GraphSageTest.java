package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.OpenResources;
import io.millrace.training.loss.Criterion;
import io.millrace.training.loss.Loss;
import io.millrace.training.nn.Forward;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.Scalars;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GraphSageTest {
  private static final int IN = 3;
  private static final int HIDDEN = 4;
  private static final int OUT = 2;

  /** Six nodes; four of them are destinations of the first layer, two of these the seeds. */
  private static final int[][] FIRST = {{1, 4, 4}, {}, {2, 5}, {0}};

  private static final int[][] SECOND = {{2, 3}, {1}};

  private final OpenResources open = new OpenResources();
  private final Network network = network(GraphSage.of(HIDDEN, 2).norm(Norm.NONE), 1);
  private final double[][] x = random(6, IN);

  @AfterEach
  void nothingStaysOpen() {
    network.close();
    open.close();
  }

  private static Network network(GraphModel model, long seed) {
    return new Network(model, IN, OUT, seed);
  }

  @Test
  void computesTheFormulaOfItsPaper() {
    double[][] hidden = convolution(x, FIRST, "conv.0.");
    for (double[] row : hidden) {
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(0, row[i]);
      }
    }
    double[][] expected = convolution(hidden, SECOND, "conv.1.");
    try (GradMode _ = GradMode.off()) {
      float[] logits = Forward.logits(network, inputs(network), false).toFloatArray();
      for (int i = 0; i < logits.length; i++) {
        assertEquals(expected[i / OUT][i % OUT], logits[i], 1e-5);
      }
    }
  }

  /** {@code W_self h(v) + W_neighbor mean(h(u)) + b}, one destination after the other. */
  private double[][] convolution(double[][] h, int[][] neighbors, String name) {
    double[][] self = matrix(name + "weight_self");
    double[][] neighbor = matrix(name + "weight_neighbor");
    double[] bias = matrix(name + "bias")[0];
    double[][] result = new double[neighbors.length][bias.length];
    for (int v = 0; v < neighbors.length; v++) {
      for (int out = 0; out < bias.length; out++) {
        result[v][out] = bias[out];
        for (int in = 0; in < h[0].length; in++) {
          double mean = 0;
          for (int u : neighbors[v]) {
            mean += h[u][in] / neighbors[v].length;
          }
          result[v][out] += self[out][in] * h[v][in] + neighbor[out][in] * mean;
        }
      }
    }
    return result;
  }

  private double[][] matrix(String name) {
    try (NDList weights = network.copy()) {
      NDArray array = weights.get(name);
      float[] values = array.toFloatArray();
      int columns = (int) array.getShape().get(array.getShape().dimension() - 1);
      double[][] rows = new double[values.length / columns][columns];
      for (int i = 0; i < values.length; i++) {
        rows[i / columns][i % columns] = values[i];
      }
      return rows;
    }
  }

  @Test
  void gradientsAreTheSlopesOfTheLoss() {
    try (Network normalised = network(GraphSage.of(HIDDEN, 2).dropout(0), 3)) {
      loss(normalised, true);
      List<NDArray> parameters = List.copyOf(normalised.learned().values());
      assertEquals(8, parameters.size());
      for (NDArray parameter : parameters) {
        float[] gradient;
        try (NDArray array = parameter.getGradient()) {
          gradient = array.toFloatArray();
        }
        for (int i = 0; i < gradient.length; i++) {
          double slope =
              (moved(normalised, parameter, i, 1e-3f) - moved(normalised, parameter, i, -1e-3f))
                  / 2e-3;
          assertEquals(slope, gradient[i], 2e-3, parameter.getName() + " " + i);
        }
      }
    }
  }

  private double moved(Network moving, NDArray parameter, int element, float step) {
    float[] before = parameter.toFloatArray();
    float[] after = before.clone();
    after[element] += step;
    set(moving, parameter.getName(), after);
    double loss = loss(moving, false);
    set(moving, parameter.getName(), before);
    return loss;
  }

  private static void set(Network target, String name, float[] values) {
    try (NDList weights = target.copy()) {
      NDArray old = weights.get(name);
      NDArray replacement = target.manager().create(values, old.getShape());
      replacement.setName(name);
      weights.set(weights.indexOf(old), replacement);
      old.close();
      target.restore(weights);
    }
  }

  /** Smooth, unlike the rectifier's corner, as long as no hidden value changes its sign. */
  private double loss(Network of, boolean backward) {
    try (GradMode _ = backward ? GradMode.on() : GradMode.off()) {
      NDArray labels = of.manager().create(new long[] {1, 0});
      NDArray sum =
          Criterion.of(
                  of.manager(), Loss.CROSS_ENTROPY, NodeLabels.of(2, new int[2]), Optional.empty())
              .sum(Forward.logits(of, inputs(of), true), labels);
      NDArray loss = sum.div(Scalars.like(sum, 2));
      if (backward) {
        JniUtils.backward((PtNDArray) loss, (PtNDArray) of.manager().create(1f), false, false);
      }
      return loss.getFloat();
    }
  }

  @Test
  void theFirstWeightsAreUniformWithinTheBoundOfTheFanIn() {
    try (Network wide = new Network(GraphSage.of(200, 1), 400, 300, 5);
        NDList weights = wide.copy()) {
      double squares = 0;
      float[] values = weights.get("conv.0.weight_self").toFloatArray();
      for (float value : values) {
        assertEquals(0, value, 1 / Math.sqrt(400));
        squares += value * value;
      }
      assertEquals(1.0 / 400 / 3, squares / values.length, 1e-5); // variance of a uniform draw
      assertEquals(300, weights.get("conv.0.bias").size());
    }
  }

  @Test
  void theFirstWeightsAreAFunctionOfTheSeed() {
    try (Network again = network(GraphSage.of(HIDDEN, 2).norm(Norm.NONE), 1);
        Network other = network(GraphSage.of(HIDDEN, 2).norm(Norm.NONE), 2)) {
      assertArrayEquals(values(network), values(again));
      assertEquals(false, java.util.Arrays.equals(values(network), values(other)));
    }
  }

  private static float[] values(Network of) {
    try (NDList weights = of.copy()) {
      return weights.get("conv.0.weight_neighbor").toFloatArray();
    }
  }

  @Test
  void theNamesOfTheParametersAreStable() {
    try (Network normalised = network(GraphSage.of(HIDDEN, 2), 1);
        NDList weights = normalised.copy()) {
      assertEquals(
          List.of(
              "conv.0.weight_neighbor",
              "conv.0.bias",
              "conv.0.weight_self",
              "norm.0.weight",
              "norm.0.bias",
              "norm.0.running_mean",
              "norm.0.running_var",
              "conv.1.weight_neighbor",
              "conv.1.bias",
              "conv.1.weight_self"),
          weights.stream().map(NDArray::getName).toList());
    }
  }

  private NDList inputs(Network of) {
    float[] flat = new float[x.length * IN];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) x[i / IN][i % IN];
    }
    NDList inputs = new NDList(of.manager().create(flat, new Shape(x.length, IN)));
    for (int[][] layer : List.of(FIRST, SECOND)) {
      int[] indptr = new int[layer.length + 1];
      for (int v = 0; v < layer.length; v++) {
        indptr[v + 1] = indptr[v] + layer[v].length;
      }
      int[] indices =
          java.util.Arrays.stream(layer).flatMapToInt(java.util.Arrays::stream).toArray();
      inputs.add(of.manager().create(indices).toType(DataType.INT32, false));
      inputs.add(of.manager().create(indptr));
    }
    return inputs;
  }

  private static double[][] random(int rows, int columns) {
    Random random = new Random(17);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      java.util.Arrays.setAll(row, _ -> (float) random.nextGaussian());
    }
    return values;
  }
}
