package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;

/** Counts the arrays of the whole process and fails if some are left when it closes. */
final class OpenArrays implements AutoCloseable {
  private final int before = count();

  static int count() {
    try (NDManager manager = TorchEngine.newManager()) {
      return ((BaseNDManager) manager).getParentManager().getManagedArrays().size();
    }
  }

  @Override
  public void close() {
    assertEquals(before, count(), "arrays left open");
  }
}
