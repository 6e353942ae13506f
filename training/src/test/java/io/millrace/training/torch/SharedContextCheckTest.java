package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.HostMemoryCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.training.OpenResources;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a GPU whose memory is the host's, so that libtorch on the CPU sees what was copied. */
class SharedContextCheckTest {
  private final OpenResources open = new OpenResources();
  private final RecordingCuda recording = new RecordingCuda(Schedule.LAZY, 1);
  private final Cuda cuda = new HostMemoryCuda(recording);

  @AfterEach
  void nothingStaysOpen() {
    recording.assertClean();
    open.close();
  }

  private static Optional<String> whyNot(Cuda cuda) {
    return SharedContextCheck.whyNot(cuda, Device.cpu());
  }

  @Test
  void isThereIfLibtorchSeesWhatWasCopied() {
    assertEquals(Optional.empty(), whyNot(cuda));
  }

  @Test
  void isNotThereIfTheCopyWentElsewhere() {
    Cuda elsewhere =
        new ForwardingCuda(cuda) {
          @Override
          public void copyToDeviceAsync(
              MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {}
        };
    assertEquals(Optional.of("libtorch sees other values than CUDA copied"), whyNot(elsewhere));
  }

  @Test
  void isNotThereIfLibtorchDoesNotWaitForTheCopy() {
    Cuda unordered =
        new ForwardingCuda(cuda) {
          @Override
          public void streamWaitEvent(CudaStream stream, CudaEvent event) {}
        };
    assertEquals(Optional.of("libtorch sees other values than CUDA copied"), whyNot(unordered));
  }

  @Test
  void isNotThereIfCudaRefuses() {
    Cuda failing =
        new ForwardingCuda(cuda) {
          @Override
          public CudaStream streamCreate() {
            throw new CudaException("cudaStreamCreateWithFlags failed\nand more");
          }
        };
    String reason = whyNot(failing).orElseThrow();
    assertTrue(reason.endsWith("cudaStreamCreateWithFlags failed"), reason);
  }
}
