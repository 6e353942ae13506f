package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchOpTest {
  private static final TorchOp MM = TorchOp.of("aten::mm", "", 1, Kind.TENSOR, Kind.TENSOR);
  private static final TorchOp CROSS_ENTROPY =
      TorchOp.of(
          "aten::cross_entropy_loss",
          "",
          1,
          Kind.TENSOR,
          Kind.TENSOR,
          Kind.OPTIONAL_TENSOR,
          Kind.INT,
          Kind.INT,
          Kind.FLOAT);

  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();
  private final NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  @Test
  void callsAnOperatorAndRecordsItForGradients() {
    x.setRequiresGradient(true);
    try (GradMode _ = GradMode.on()) {
      NDArray y = MM.call(manager, x, x).sum();
      assertEquals(7 + 10 + 15 + 22, y.getFloat());
      JniUtils.backward((PtNDArray) y, (PtNDArray) manager.create(1f), false, false);
    }
    // d sum(xx) / dx[i][j] = rowSum(j) + columnSum(i)
    assertArrayEquals(new float[] {3 + 4, 7 + 4, 3 + 6, 7 + 6}, x.getGradient().toFloatArray());
  }

  @Test
  void passesOptionalTensorsIntegersAndDoubles() {
    NDArray labels = manager.create(new long[] {0, 1});
    NDArray weights = manager.create(new float[] {3, 1});
    double first = Math.log(1 + Math.E); // loss of class 0 where the scores are 1 and 2
    double second = Math.log(1 + 1 / Math.E);
    assertEquals(
        (first + second) / 2,
        CROSS_ENTROPY.call(manager, x, labels, Optional.empty(), 1L, -1L, 0.0).getFloat(),
        1e-6);
    assertEquals(
        (3 * first + second) / 4,
        CROSS_ENTROPY.call(manager, x, labels, Optional.of(weights), 1L, -1L, 0.0).getFloat(),
        1e-6);
    double smoothed = (0.75 * first + 0.25 * second + 0.75 * second + 0.25 * first) / 2;
    assertEquals(
        smoothed,
        CROSS_ENTROPY.call(manager, x, labels, Optional.empty(), 1L, -1L, 0.5).getFloat(),
        1e-6);
    assertEquals(
        first,
        CROSS_ENTROPY
            .call(manager, x, manager.create(new long[] {0, -1}), Optional.empty(), 1L, -1L, 0.0)
            .getFloat(),
        1e-6);
  }

  @Test
  void passesOptionalIntegers() {
    TorchOp repeat =
        TorchOp.of("aten::repeat_interleave", "Tensor", 1, Kind.TENSOR, Kind.OPTIONAL_INT);
    NDArray counts = manager.create(new int[] {2, 0, 1});
    assertArrayEquals(
        new int[] {0, 0, 2}, repeat.call(manager, counts, OptionalLong.of(3)).toIntArray());
    assertArrayEquals(
        new int[] {0, 0, 2}, repeat.call(manager, counts, OptionalLong.empty()).toIntArray());
  }

  @Test
  void refusesTheWrongNumberOrKindOfArguments() {
    assertThrows(IllegalArgumentException.class, () -> MM.call(manager, x));
    assertThrows(IllegalArgumentException.class, () -> MM.call(manager, x, 2L));
    assertThrows(IllegalArgumentException.class, () -> MM.call(manager, x, null));
    assertThrows(IllegalArgumentException.class, () -> MM.call(manager, x, Optional.of(x)));
    assertThrows(
        IllegalArgumentException.class,
        () -> CROSS_ENTROPY.call(manager, x, x, Optional.of(1L), 1L, -1L, 0.0));
    assertThrows(
        IllegalArgumentException.class,
        () -> CROSS_ENTROPY.call(manager, x, x, null, 1L, -1L, 0.0));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            CROSS_ENTROPY.call(
                manager, x, x, Optional.empty(), 1, -1L, 0.0)); // an int is not a long
  }

  @Test
  void refusesAClosedArray() {
    NDArray closed = manager.ones(new Shape(2, 2));
    closed.close();
    assertThrows(IllegalStateException.class, () -> MM.call(manager, x, closed));
    assertThrows(
        IllegalStateException.class,
        () -> CROSS_ENTROPY.call(manager, x, x, Optional.of(closed), 1L, -1L, 0.0));
  }

  @Test
  void anErrorOfLibtorchBecomesAnException() {
    NDArray wide = manager.ones(new Shape(3, 2));
    assertThrows(IllegalStateException.class, () -> MM.call(manager, x, wide));
    TorchOp unknown = TorchOp.of("aten::no_such_operator", "", 1, Kind.TENSOR);
    assertThrows(IllegalStateException.class, () -> unknown.call(manager, x));
  }
}
