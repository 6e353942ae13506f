package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class NamedArraysTest {
  /** An array on the CPU stands for one on a GPU: DJL looks at the device of its manager. */
  @Test
  void aCopyOnTheHostLeavesNothingWithTheManagerOfItsSource() {
    try (NDManager onGpu = TorchEngine.newManager(Device.gpu());
        NDArray source = TorchEngine.host().create(new float[] {1, 2, 3})) {
      source.attach(onGpu);
      int before = OpenResources.count();
      String owned = onGpu.toString(); // says how many resources it has, managers too
      try (NDArray copy = NamedArrays.onHost(source, "copy");
          NDArray twice = copy.mul(2)) {
        source.set(new float[3]);
        assertArrayEquals(new float[] {1, 2, 3}, copy.toFloatArray());
        assertArrayEquals(new float[] {2, 4, 6}, twice.toFloatArray());
        assertEquals("copy", copy.getName());
      }
      assertEquals(owned, onGpu.toString());
      assertEquals(before, OpenResources.count());
    }
  }
}
