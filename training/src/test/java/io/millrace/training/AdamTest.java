package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final double RATE = 0.05;

  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  /** The formula of torch.optim.Adam, in doubles, on sum(w^2 * c). */
  @Test
  void followsTheFormulaOfTorch() {
    for (double decay : new double[] {0, 0.1}) {
      float[] curvature = {1, -2, 1e-4f};
      double[] w = {1, -0.5, 3};
      double[] m = new double[3];
      double[] v = new double[3];
      NDArray parameter = manager.create(new float[] {1, -0.5f, 3});
      parameter.setRequiresGradient(true);
      try (Adam adam = new Adam(manager, List.of(parameter), RATE, decay)) {
        for (int t = 1; t <= 10; t++) {
          backward(parameter, curvature);
          adam.step();
          for (int i = 0; i < w.length; i++) {
            double g = 2 * curvature[i] * w[i] + decay * w[i];
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            double denominator = Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(0.999, t)) + 1e-8;
            w[i] -= RATE / (1 - Math.pow(0.9, t)) * m[i] / denominator;
            assertEquals(w[i], parameter.toFloatArray()[i], 1e-5, "t=" + t + ", i=" + i);
          }
        }
      }
    }
  }

  @Test
  void gradientsStartAtZeroAfterAStep() {
    NDArray parameter = manager.create(new float[] {2});
    parameter.setRequiresGradient(true);
    try (Adam adam = new Adam(manager, List.of(parameter), RATE, 0)) {
      backward(parameter, new float[] {1});
      adam.step();
      try (NDArray gradient = parameter.getGradient()) {
        assertArrayEquals(new float[] {0}, gradient.toFloatArray());
      }
    }
  }

  /** Where the gradient is about as small as epsilon, the place of epsilon shows. */
  @Test
  void addsEpsilonAfterTheCorrection() {
    NDArray parameter = manager.create(new float[] {1});
    parameter.setRequiresGradient(true);
    try (Adam adam = new Adam(manager, List.of(parameter), RATE, 0)) {
      backward(parameter, new float[] {0.5e-8f}); // the gradient is 1e-8
      adam.step();
      assertEquals(1 - RATE * 1e-8 / (1e-8 + 1e-8), parameter.getFloat(), 1e-5);
    }
  }

  private void backward(NDArray parameter, float[] curvature) {
    try (GradMode _ = GradMode.on()) {
      NDArray loss = parameter.square().mul(manager.create(curvature)).sum();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
    }
  }
}
