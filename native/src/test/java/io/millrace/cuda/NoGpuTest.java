package io.millrace.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;

/** What a machine without a GPU is told; skips where there is one. */
class NoGpuTest {
  @Test
  void saysWhichCallFailedAndWhy() {
    if (CudaProbe.run() instanceof CudaProbe.Usable) {
      abort("this machine has a GPU");
    }
    CudaException thrown = assertThrows(CudaException.class, JCudaRuntime::open);

    assertEquals(1, thrown.getMessage().lines().count());
    assertTrue(
        thrown.getMessage().startsWith("cudaSetDevice failed: code=cudaError"),
        thrown.getMessage());
    assertTrue(thrown.getMessage().endsWith("device=0"), thrown.getMessage());
  }
}
