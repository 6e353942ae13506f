package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.training.OpenResources;
import org.junit.jupiter.api.Test;

class NamedArraysTest {
  /** An array on the CPU stands for one on a GPU: DJL looks at the device of its manager. */
  @Test
  void aCopyOnTheHostLeavesNothingWithTheManagerOfItsSource() {
    try (NDManager onGpu = TorchEngine.newManager(Device.gpu());
        NDManager onCpu = TorchEngine.newManager();
        NDArray source = onCpu.create(new float[] {1, 2, 3})) {
      source.attach(onGpu);
      int before = OpenResources.count();
      String owned = onGpu.toString(); // says how many resources it has, managers too
      try (NDArray copy = NamedArrays.onHost(source, "copy")) {
        source.set(new float[3]);
        assertArrayEquals(new float[] {1, 2, 3}, copy.toFloatArray());
        assertEquals("copy", copy.getName());
      }
      assertEquals(owned, onGpu.toString());
      assertEquals(before, OpenResources.count());
    }
  }
}
