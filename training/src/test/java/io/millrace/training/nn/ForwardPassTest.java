package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ForwardPassTest {
  private static final int SIZE = 5000;

  @Test
  void dropsValuesAndTheirGradientsAlike() {
    try (NDManager manager = TorchEngine.newManager();
        GradMode _ = GradMode.on()) {
      NDArray x = manager.arange(1f, SIZE + 1f).reshape(SIZE / 50, 50);
      x.setRequiresGradient(true);
      NDArray dropped = pass(manager, 1).dropout(x, 0.75);
      JniUtils.backward((PtNDArray) dropped.sum(), (PtNDArray) manager.create(1f), false, false);

      float[] gradient = x.getGradient().toFloatArray();
      float[] values = dropped.toFloatArray();
      for (int i = 0; i < SIZE; i++) {
        gradient[i] *= i + 1;
      }
      assertArrayEquals(values, gradient);
      for (float value : values) {
        assertFalse(value != 0 && value % 4 != 0, "value=" + value);
      }
    }
  }

  @Test
  void masksFollowFromTheSeedAndFromTheirNumber() {
    try (NDManager manager = TorchEngine.newManager()) {
      ForwardPass pass = pass(manager, 1);
      ForwardPass again = pass(manager, 1);
      float[] first = mask(pass, manager);
      float[] second = mask(pass, manager);

      assertArrayEquals(first, mask(again, manager));
      assertArrayEquals(second, mask(again, manager));
      assertFalse(Arrays.equals(first, second));
      assertFalse(Arrays.equals(first, mask(pass(manager, 2), manager)));
    }
  }

  @Test
  void nothingIsDroppedToPredictOrWithoutAShare() {
    try (NDManager manager = TorchEngine.newManager()) {
      NDArray x = manager.ones(new Shape(3, 4));

      assertSame(x, pass(manager, 1).dropout(x, 0));
      assertSame(x, ForwardPass.prediction(new ParameterStore(manager, false)).dropout(x, 0.5));
    }
  }

  private static ForwardPass pass(NDManager manager, long seed) {
    return ForwardPass.training(new ParameterStore(manager, false), seed);
  }

  private static float[] mask(ForwardPass pass, NDManager manager) {
    return pass.dropout(manager.ones(new Shape(SIZE)), 0.5).toFloatArray();
  }
}
