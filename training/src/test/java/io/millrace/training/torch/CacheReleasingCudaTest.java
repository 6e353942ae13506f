package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.LimitedCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import org.junit.jupiter.api.Test;

class CacheReleasingCudaTest {
  private final RecordingCuda gpu = new RecordingCuda(Schedule.EAGER, 1);
  private int numAsked;

  @Test
  void asksLibtorchForRoomOnlyWhereThereIsNone() {
    LimitedCuda limited = new LimitedCuda(gpu, 4096);
    Cuda cuda =
        new CacheReleasingCuda(
            limited,
            () -> {
              numAsked++;
              limited.limit(8192);
            });
    DeviceMemory small = cuda.deviceAlloc(4096);
    assertEquals(0, numAsked);
    DeviceMemory large = cuda.deviceAlloc(8192);
    assertEquals(1, numAsked);
    assertThrows(CudaOutOfMemoryException.class, () -> cuda.deviceAlloc(8193));
    assertEquals(2, numAsked, "once for each");
    cuda.deviceFree(small);
    cuda.deviceFree(large);
    gpu.assertClean();
  }
}
