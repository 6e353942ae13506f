package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaProbe;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DeviceChoiceTest {
  private static final Supplier<CudaProbe> NO_GPU = () -> new CudaProbe.Unusable("no driver");
  private static final Supplier<CudaProbe> ONE_GPU =
      () -> new CudaProbe.Usable("12.8", "12.6", List.of());
  private static final Supplier<Cuda> TAKEN =
      () -> {
        throw new CudaException("cudaSetDevice failed");
      };

  private final Cuda cuda = new RecordingCuda(Schedule.EAGER, 1);

  @Test
  void fallsBackToTheCpuAndSaysWhy() {
    assertEquals(new Placement.Cpu("no driver"), DeviceChoice.AUTO.resolve(NO_GPU, () -> cuda));
    assertEquals(
        new Placement.Cpu("cudaSetDevice failed"), DeviceChoice.AUTO.resolve(ONE_GPU, TAKEN));
  }

  @Test
  void refusesAGpuAskedForByNameWithTheReason() {
    assertRefused("no driver", NO_GPU, () -> cuda);
    assertRefused("cudaSetDevice failed", ONE_GPU, TAKEN);
  }

  private static void assertRefused(String reason, Supplier<CudaProbe> probe, Supplier<Cuda> open) {
    BadInputException thrown =
        assertThrows(BadInputException.class, () -> DeviceChoice.GPU.resolve(probe, open));
    assertEquals("the GPU cannot be used: device=gpu, cause=" + reason, thrown.getMessage());
  }

  @Test
  void takesTheGpuThatIsThereUnlessTheCpuWasAskedFor() {
    for (DeviceChoice choice : List.of(DeviceChoice.AUTO, DeviceChoice.GPU)) {
      Placement found = choice.resolve(ONE_GPU, () -> cuda);
      assertSame(cuda, assertInstanceOf(Placement.Gpu.class, found).cuda());
    }
    assertInstanceOf(Placement.Cpu.class, DeviceChoice.CPU.resolve(ONE_GPU, () -> cuda));
  }
}
