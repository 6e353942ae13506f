package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaDevice;
import io.millrace.cuda.CudaProbe;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.Placement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TorchDeviceResolverTest {
  private static final Optional<String> CAN = Optional.empty();
  private static final CudaProbe GPU =
      new CudaProbe.Usable("12.8", "12.6", List.of(new CudaDevice(0, "a GPU", 1L << 30, "9.0")));
  private static final CudaProbe NO_GPU = new CudaProbe.Unusable("no driver");

  private final Cuda cuda = new RecordingCuda(Schedule.EAGER, 1);

  private static TorchDeviceResolver search(
      Optional<String> whyTorchCannot,
      CudaProbe probe,
      Placement placement,
      Optional<String> whyNotShared) {
    return search(0, whyTorchCannot, probe, placement, whyNotShared);
  }

  private static TorchDeviceResolver search(
      int index,
      Optional<String> whyTorchCannot,
      CudaProbe probe,
      Placement placement,
      Optional<String> whyNotShared) {
    return new TorchDeviceResolver(
        Device.gpu(index), () -> whyTorchCannot, () -> probe, () -> placement, _ -> whyNotShared);
  }

  @Test
  void computesOnTheCpuIfAskedTo() {
    TorchDevice found = search(CAN, GPU, new Placement.Gpu(cuda), CAN).find(DeviceChoice.CPU);

    assertEquals("cpu, because it was asked for", found.description());
    assertEquals("cpu", found.name());
  }

  @Test
  void computesWhereBatchesAreCopiedAheadIfAllCanBeUsed() {
    TorchDeviceResolver search = search(CAN, GPU, new Placement.Gpu(cuda), CAN);
    for (DeviceChoice choice : List.of(DeviceChoice.AUTO, DeviceChoice.GPU)) {
      TorchDevice.Gpu found = assertInstanceOf(TorchDevice.Gpu.class, search.find(choice));
      assertSame(cuda, found.cuda());
      assertEquals(Device.gpu(), found.device());
      assertEquals("gpu", found.name());
    }
  }

  @Test
  void letsDjlCopyIfAddressesMeanOtherMemoryAndSaysWhy() {
    TorchDeviceResolver search = search(CAN, GPU, new Placement.Gpu(cuda), Optional.of("not ours"));
    TorchDevice found = search.find(DeviceChoice.GPU);

    assertEquals(new TorchDevice.CopyingGpu("not ours", Device.gpu()), found);
    assertTrue(found.description().endsWith("because not ours"), found.description());
  }

  @Test
  void takesTheGpuOfTheGivenNumber() {
    CudaDevice[] both = {
      new CudaDevice(0, "a GPU", 1L << 30, "9.0"), new CudaDevice(1, "another", 1L << 30, "9.0")
    };
    CudaProbe two = new CudaProbe.Usable("12.8", "12.6", List.of(both));

    TorchDevice found = search(1, CAN, two, new Placement.Gpu(cuda), CAN).find(DeviceChoice.GPU);
    assertEquals(Device.gpu(1), found.device());
    TorchDeviceResolver third = search(2, CAN, two, new Placement.Gpu(cuda), CAN);
    assertEquals(
        "the GPU cannot be used: device=gpu, cause=there are 2 GPUs, and none has number 2",
        assertThrows(BadInputException.class, () -> third.find(DeviceChoice.GPU)).getMessage());
  }

  @Test
  void letsDjlCopyIfOnlyLibtorchCanUseTheGpu() {
    TorchDeviceResolver search = search(CAN, NO_GPU, new Placement.Cpu("old driver"), CAN);

    assertEquals(
        new TorchDevice.CopyingGpu("JCuda cannot use it: old driver", Device.gpu()),
        search.find(DeviceChoice.AUTO));
  }

  @Test
  void saysWhyThereIsNoGpu() {
    TorchDeviceResolver search = search(Optional.of("cpu build"), NO_GPU, null, null);

    assertEquals(new TorchDevice.Cpu("no driver"), search.find(DeviceChoice.AUTO));
    assertEquals(
        "the GPU cannot be used: device=gpu, cause=no driver",
        assertThrows(BadInputException.class, () -> search.find(DeviceChoice.GPU)).getMessage());
  }

  @Test
  void saysThatLibtorchIsTheReasonWhereThereIsAGpu() {
    TorchDeviceResolver search = search(Optional.of("cpu build"), GPU, null, null);

    assertEquals(new TorchDevice.Cpu("cpu build"), search.find(DeviceChoice.AUTO));
    assertEquals(
        "the GPU cannot be used: device=gpu, cause=cpu build",
        assertThrows(BadInputException.class, () -> search.find(DeviceChoice.GPU)).getMessage());
  }

  @Test
  void namesTheLibtorchThatWasBuiltForTheCpu() {
    TorchEngine.whyNoCuda()
        .ifPresent(
            reason -> {
              assertTrue(reason.startsWith("libtorch " + TorchEngine.version()), reason);
              assertTrue(reason.contains(TorchEngine.path().toString()), reason);
              assertTrue(reason.contains("PYTORCH_LIBRARY_PATH"), reason);
            });
  }
}
