package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What aggregations and their edges refuse. */
class AggregationInputTest {
  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  /** Views of one number: arrays of this size would fit into no memory. */
  @Test
  void refusesHeadsThatNeedIdsBeyond32Bits() {
    int rows = 1 << 19;
    int heads = 1 << 12;
    NDArray wide = manager.zeros(new Shape(1, 1)).broadcast(new Shape(rows, heads));
    NDArray one = manager.zeros(new Shape(1, 1)).broadcast(new Shape(1, heads));
    MfgTensors many =
        MfgTensors.of(
            manager.zeros(new Shape(rows), DataType.INT32), manager.create(new int[] {0, rows}));
    MfgTensors single =
        MfgTensors.of(manager.create(new int[] {0}), manager.create(new int[] {0, 1}));

    BadInputException edges =
        assertThrows(BadInputException.class, () -> Aggregation.weightedSum(one, wide, many));
    assertTrue(edges.getMessage().contains("sources=1, edges=524288, heads=4096"));
    BadInputException sources =
        assertThrows(BadInputException.class, () -> Aggregation.weightedSum(wide, one, single));
    assertTrue(sources.getMessage().contains("sources=524288, edges=1, heads=4096"));
  }

  @Test
  void refusesArraysOfTheWrongShapeOrType() {
    NDArray x = manager.ones(new Shape(3, 2));
    NDArray ids = manager.create(new int[] {0, 1});
    NDArray longs = manager.create(new long[] {0, 1});
    NDArray indptr = manager.create(new int[] {0, 2});
    MfgTensors layer = MfgTensors.of(ids, indptr);
    assertThrows(IllegalArgumentException.class, () -> MfgTensors.of(ids, longs));
    assertThrows(IllegalArgumentException.class, () -> MfgTensors.of(x, indptr));
    assertThrows(IllegalArgumentException.class, () -> Aggregation.mean(ids, layer));
    NDArray half = x.toType(DataType.FLOAT16, false);
    assertThrows(IllegalArgumentException.class, () -> Aggregation.mean(half, layer));
  }

  @Test
  void refusesAnIdThatIsNoSource() {
    NDArray x = manager.ones(new Shape(3, 2));
    x.setRequiresGradient(true);
    NDArray indptr = manager.create(new int[] {0, 1});
    for (int id : new int[] {3, 1 << 30, -1}) {
      NDArray indices = manager.create(new int[] {id});
      for (boolean recording : new boolean[] {true, false}) {
        try (GradMode _ = recording ? GradMode.on() : GradMode.off()) {
          assertThrows(
              IllegalStateException.class,
              () -> Aggregation.mean(x, MfgTensors.of(indices, indptr)));
          assertThrows(
              IllegalStateException.class,
              () -> Aggregation.sum(x, MfgTensors.of(indices, indptr)));
        }
      }
    }
  }

  @Test
  void refusesRowBoundsThatWouldReadOutsideTheIndices() {
    NDArray x = manager.ones(new Shape(3, 2));
    NDArray indices = manager.create(new int[] {0, 1, 2});
    int[][] wrong = {
      {0, -100_000_000, 3},
      {0, 100_000_000, 3},
      {0, 2, 1, 3},
      {0, 1, 2},
      {0, 4},
      {1, 3},
      {-1, 3},
      {0}
    };
    for (int[] bounds : wrong) {
      for (DataType ids : new DataType[] {DataType.INT32, DataType.INT64}) {
        NDArray indptr = manager.create(bounds).toType(ids, false);
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> MfgTensors.of(indices.toType(ids, false), indptr),
                Arrays.toString(bounds));
        assertTrue(e.getMessage().startsWith("row bounds must rise from 0"), e.getMessage());
      }
    }
  }
}
