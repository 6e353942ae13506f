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
    switch (CudaProbe.run()) {
      case CudaProbe.Usable _ -> abort("this machine has a GPU");
      case CudaProbe.Unusable(String reason) -> {
        CudaException thrown = assertThrows(CudaException.class, JCudaRuntime::open);
        String message = thrown.getMessage();
        assertEquals(1, message.lines().count());
        if (reason.startsWith("no NVIDIA driver: ")) {
          assertEquals(reason, message);
        } else {
          assertTrue(message.startsWith("cudaSetDevice failed: code=cudaError"), message);
          assertTrue(message.endsWith("device=0"), message);
        }
      }
    }
  }
}
