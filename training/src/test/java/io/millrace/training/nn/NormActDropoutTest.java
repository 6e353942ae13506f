package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.millrace.training.OpenResources;
import io.millrace.training.models.Mlp;
import io.millrace.training.torch.GradMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through a perceptron whose first linear layer is made the identity. */
class NormActDropoutTest {
  private static final int WIDTH = 2;
  private static final double EPS = 1e-5;

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static Network identity(double dropout, Norm norm) {
    Network network = new Network(Mlp.of(WIDTH, 2).dropout(dropout).norm(norm), WIDTH, WIDTH, 0);
    try (NDList weights = network.copy()) {
      for (NDArray weight : weights) {
        if (weight.getName().endsWith("linear.0.weight")
            || weight.getName().endsWith("linear.1.weight")) {
          weight.set(new float[] {1, 0, 0, 1});
        } else if (weight.getName().startsWith("linear")) {
          weight.set(new float[] {0, 0});
        }
      }
      network.restore(weights);
    }
    return network;
  }

  private static float[] forward(Network network, boolean training, float... rows) {
    try (GradMode _ = GradMode.off();
        NDArray x = network.manager().create(rows, new Shape(rows.length / WIDTH, WIDTH));
        NDArray y = Forward.logits(network, new NDList(x), training)) {
      return y.toFloatArray();
    }
  }

  private static float[] remembered(Network network, String name) {
    try (NDList weights = network.copy()) {
      return weights.get("norm.0." + name).toFloatArray();
    }
  }

  @Test
  void normalisesByTheBatchAndRemembersLikeTorch() {
    try (Network network = identity(0, Norm.BATCH)) {
      float[] y = forward(network, true, 1, 10, 2, 20, 6, 60);
      // column 0: mean 3, variance 14/3 (biased), 7 (unbiased); column 1 is ten times that
      double std = Math.sqrt(14 / 3.0 + EPS);
      double std10 = Math.sqrt(1400 / 3.0 + EPS);
      double[] expected = {0, 0, 0, 0, 3 / std, 30 / std10}; // the rectifier cuts the rest
      for (int i = 0; i < y.length; i++) {
        assertEquals(expected[i], y[i], 1e-5);
      }
      assertArrayEquals(new float[] {0.3f, 3f}, remembered(network, "running_mean"), 1e-5f);
      assertArrayEquals(
          new float[] {0.9f + 0.7f, 0.9f + 70f}, remembered(network, "running_var"), 1e-4f);
    }
  }

  @Test
  void normalisesByWhatItRemembersWhenItPredicts() {
    try (Network network = identity(0, Norm.BATCH)) {
      forward(network, true, 1, 10, 2, 20, 6, 60);
      float[] before = remembered(network, "running_var");
      float[] y = forward(network, false, 4, 40);
      assertEquals((4 - 0.3) / Math.sqrt(1.6 + EPS), y[0], 1e-5);
      assertEquals((40 - 3.0) / Math.sqrt(70.9 + EPS), y[1], 1e-4);
      assertArrayEquals(before, remembered(network, "running_var"));
    }
  }

  @Test
  void aSingleRowDoesNotSpoilWhatItRemembers() {
    try (Network network = identity(0, Norm.BATCH)) {
      float[] y = forward(network, true, 4, 40);
      assertEquals(4 / Math.sqrt(1 + EPS), y[0], 1e-5);
      assertArrayEquals(new float[] {1, 1}, remembered(network, "running_var"));
    }
  }

  @Test
  void dropsTheShareAskedForAndScalesTheRest() {
    try (Network network = identity(0.25, Norm.NONE)) {
      float[] ones = new float[20_000];
      java.util.Arrays.fill(ones, 3);
      float[] y = forward(network, true, ones);
      int dropped = 0;
      for (float value : y) {
        dropped += value == 0 ? 1 : 0;
        assertTrue(value == 0 || Math.abs(value - 4) < 1e-5, () -> "value " + value);
      }
      assertEquals(0.25, dropped / (double) y.length, 0.015); // five standard deviations
      assertArrayEquals(ones, forward(network, false, ones));
    }
  }
}
