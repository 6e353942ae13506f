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
import org.junit.jupiter.api.Test;

class PlacementSearchTest {
  private final Cuda cuda = new RecordingCuda(Schedule.EAGER, 1);
  private final PlacementSearch none =
      new PlacementSearch(() -> new CudaProbe.Unusable("no driver"), () -> cuda);
  private final PlacementSearch usable =
      new PlacementSearch(() -> new CudaProbe.Usable("12.8", "12.6", List.of()), () -> cuda);
  private final PlacementSearch taken =
      new PlacementSearch(
          usable.probe(),
          () -> {
            throw new CudaException("cudaSetDevice failed");
          });

  @Test
  void fallsBackToTheCpuAndSaysWhy() {
    assertEquals(new Placement.Cpu("no driver"), none.find(DeviceChoice.AUTO));
    assertEquals(new Placement.Cpu("cudaSetDevice failed"), taken.find(DeviceChoice.AUTO));
  }

  @Test
  void refusesAGpuAskedForByNameWithTheReason() {
    for (PlacementSearch search : List.of(none, taken)) {
      String reason = ((Placement.Cpu) search.find(DeviceChoice.AUTO)).reason();
      BadInputException thrown =
          assertThrows(BadInputException.class, () -> search.find(DeviceChoice.GPU));
      assertEquals("the GPU cannot be used: device=gpu, cause=" + reason, thrown.getMessage());
    }
  }

  @Test
  void takesTheGpuThatIsThereUnlessTheCpuWasAskedFor() {
    for (DeviceChoice choice : List.of(DeviceChoice.AUTO, DeviceChoice.GPU)) {
      assertSame(cuda, assertInstanceOf(Placement.Gpu.class, usable.find(choice)).cuda());
    }
    assertInstanceOf(Placement.Cpu.class, usable.find(DeviceChoice.CPU));
  }
}
