package io.millrace.training.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.BadInputException;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each optimizer beside the formula of torch.optim, in doubles, on {@code sum(c * w^2)}. */
class OptimizerTest {
  private static final float[] START = {1, -0.5f, 3};
  private static final float[] CURVATURE = {1, -2, 1e-4f};
  private static final double[] DECAYS = {0, 0.1};
  private static final int NUM_STEPS = 10;

  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  /** One step of one weight: torch's formula, with what it remembers in {@code m} and {@code v}. */
  private interface Formula {
    double next(int t, int i, double w, double gradient, double decay, double rate);
  }

  private static double rate(int t) {
    return t <= 5 ? 0.05 : 0.02;
  }

  private void assertFollows(Optimizer optimizer, double decay, Formula formula) {
    NDArray parameter = parameter(START);
    double[] w = {START[0], START[1], START[2]};
    try (OptimizerState state = state(optimizer, parameter, decay)) {
      for (int t = 1; t <= NUM_STEPS; t++) {
        backward(parameter, CURVATURE);
        state.step(rate(t));
        for (int i = 0; i < w.length; i++) {
          w[i] = formula.next(t, i, w[i], 2 * CURVATURE[i] * w[i], decay, rate(t));
          String where = optimizer + ", decay=" + decay + ", t=" + t + ", i=" + i;
          assertEquals(w[i], parameter.toFloatArray()[i], 2e-5 * Math.abs(w[i]) + 1e-6, where);
        }
      }
    }
  }

  @Test
  void adamFollowsTheFormulaOfTorch() {
    for (double decay : DECAYS) {
      double[] m = new double[3];
      double[] v = new double[3];
      assertFollows(
          Optimizer.adam(),
          decay,
          (t, i, w, gradient, lambda, rate) -> {
            double g = gradient + lambda * w;
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            return w - rate * direction(m[i], v[i], 0.9, 0.999, t, 1e-8);
          });
    }
  }

  @Test
  void adamWDecaysTheWeightsAndNotTheMoments() {
    for (double decay : DECAYS) {
      double[] m = new double[3];
      double[] v = new double[3];
      assertFollows(
          new Optimizer.AdamW(0.8, 0.99, 1e-6),
          decay,
          (t, i, w, g, lambda, rate) -> {
            m[i] = 0.8 * m[i] + 0.2 * g;
            v[i] = 0.99 * v[i] + 0.01 * g * g;
            return w - rate * lambda * w - rate * direction(m[i], v[i], 0.8, 0.99, t, 1e-6);
          });
    }
  }

  private static double direction(double m, double v, double b1, double b2, int t, double eps) {
    return m / (1 - Math.pow(b1, t)) / (Math.sqrt(v / (1 - Math.pow(b2, t))) + eps);
  }

  @Test
  void sgdFollowsTheFormulaOfTorch() {
    for (double momentum : new double[] {0, 0.9}) {
      for (double decay : DECAYS) {
        double[] u = new double[3];
        assertFollows(
            Optimizer.sgd(momentum),
            decay,
            (_, i, w, gradient, lambda, rate) -> {
              u[i] = momentum * u[i] + gradient + lambda * w;
              return w - rate * u[i];
            });
      }
    }
  }

  /** Where the gradient is about as small as epsilon, the place of epsilon shows. */
  @Test
  void adamAddsEpsilonAfterTheCorrection() {
    NDArray parameter = parameter(1);
    try (OptimizerState state = state(Optimizer.adam(), parameter, 0)) {
      backward(parameter, new float[] {0.5e-8f}); // the gradient is 1e-8
      state.step(0.05);
      assertEquals(1 - 0.05 * 1e-8 / (1e-8 + 1e-8), parameter.getFloat(), 1e-5);
    }
  }

  @Test
  void gradientsStartAtZeroAfterAStep() {
    NDArray parameter = parameter(2);
    try (OptimizerState state = state(Optimizer.adam(), parameter, 0)) {
      backward(parameter, new float[] {1});
      state.step(0.05);
      try (NDArray gradient = parameter.getGradient()) {
        assertArrayEquals(new float[] {0}, gradient.toFloatArray());
      }
    }
  }

  @Test
  void goesOnExactlyFromWhatAnotherRemembered() {
    for (Optimizer optimizer :
        List.of(Optimizer.adam(), Optimizer.adamW(), Optimizer.sgd(0.9), Optimizer.sgd(0))) {
      NDArray whole = parameter(START);
      NDArray again = parameter(START);
      try (OptimizerState first = state(optimizer, whole, 0.1);
          OptimizerState second = state(optimizer, again, 0.1)) {
        steps(first, whole, 3);
        try (NDList weights = new NDList(whole.duplicate())) {
          weights.getFirst().setName("w");
          NamedArrays.copy(weights, Map.of("w", again), "model");
        }
        second.restore(first.numSteps(), first.state());
        steps(first, whole, 3);
        steps(second, again, 3);
        assertEquals(6, second.numSteps());
        assertArrayEquals(whole.toFloatArray(), again.toFloatArray(), optimizer.toString());
      }
    }
  }

  private void steps(OptimizerState state, NDArray parameter, int numSteps) {
    for (int t = 0; t < numSteps; t++) {
      backward(parameter, CURVATURE);
      state.step(0.05);
    }
  }

  @Test
  void namesWhatItRemembersAsTorchDoes() {
    assertNames(Optimizer.adam(), "w.exp_avg", "w.exp_avg_sq");
    assertNames(Optimizer.adamW(), "w.exp_avg", "w.exp_avg_sq");
    assertNames(Optimizer.sgd(0.5), "w.momentum_buffer");
    assertNames(Optimizer.sgd(0));
  }

  private void assertNames(Optimizer optimizer, String... names) {
    try (OptimizerState state = state(optimizer, parameter(START), 0)) {
      assertEquals(List.of(names), state.state().stream().map(NDArray::getName).toList());
    }
  }

  @Test
  void refusesWhatAnotherOptimizerRemembered() {
    try (OptimizerState adam = state(Optimizer.adam(), parameter(START), 0);
        OptimizerState sgd = state(Optimizer.sgd(0.9), parameter(START), 0)) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> adam.restore(7, sgd.state()));
      assertTrue(e.getMessage().startsWith("weights do not fit the optimizer"), e.getMessage());
      assertEquals(0, adam.numSteps());
    }
  }

  @Test
  void rejectsSettingsThatAreNeverRight() {
    assertRejected("momentum must be in [0, 1)", () -> Optimizer.sgd(1));
    assertRejected("beta1 must be in [0, 1)", () -> new Optimizer.Adam(-0.1, 0.9, 1e-8));
    assertRejected("beta2 must be in [0, 1)", () -> new Optimizer.AdamW(0.9, 1, 1e-8));
    assertRejected("epsilon must be positive", () -> new Optimizer.Adam(0.9, 0.9, 0));
  }

  private static void assertRejected(String rule, Runnable settings) {
    BadInputException e = assertThrows(BadInputException.class, settings::run);
    assertTrue(e.getMessage().startsWith(rule), e.getMessage());
  }

  private OptimizerState state(Optimizer optimizer, NDArray parameter, double decay) {
    return OptimizerState.of(optimizer, manager, Map.of("w", parameter), decay);
  }

  private NDArray parameter(float... values) {
    NDArray parameter = manager.create(values);
    parameter.setRequiresGradient(true);
    return parameter;
  }

  private void backward(NDArray parameter, float[] curvature) {
    try (GradMode _ = GradMode.on()) {
      NDArray loss = parameter.square().mul(manager.create(curvature)).sum();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
    }
  }
}
