package io.millrace.training.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradientClippingTest {
  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();
  private final NDArray first = withGradient(3, 0);
  private final NDArray second = withGradient(-4);

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  /** A parameter whose gradient has just these values. */
  private NDArray withGradient(float... values) {
    NDArray parameter = manager.zeros(new ai.djl.ndarray.types.Shape(values.length));
    parameter.setRequiresGradient(true);
    try (GradMode _ = GradMode.on()) {
      NDArray loss = parameter.mul(manager.create(values)).sum();
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
    }
    return parameter;
  }

  @Test
  void aLongGradientKeepsItsDirectionAndTakesTheLengthThatIsAllowed() {
    GradientClipping.clip(List.of(first, second), 2); // the length of (3, 0, -4) is 5
    assertGradient(first, 1.2f, 0);
    assertGradient(second, -1.6f);
  }

  @Test
  void aShortGradientStaysAsItIs() {
    GradientClipping.clip(List.of(first, second), 5.1);
    assertGradient(first, 3, 0);
    assertGradient(second, -4);
  }

  @Test
  void aGradientOfZeroStaysZero() {
    NDArray still = withGradient(0, 0);
    GradientClipping.clip(List.of(still), 1);
    assertGradient(still, 0, 0);
  }

  @Test
  void leavesNoArrayBehind() {
    int before = OpenResources.count();
    GradientClipping.clip(List.of(first, second), 2);
    assertEquals(before, OpenResources.count());
  }

  private static void assertGradient(NDArray parameter, float... expected) {
    try (NDArray gradient = parameter.getGradient()) {
      assertArrayEquals(expected, gradient.toFloatArray(), 1e-5f);
    }
  }
}
