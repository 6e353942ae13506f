package io.millrace.training.torch;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaProbe;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.Placement;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the {@link TorchDevice} that a choice results in. Two libraries must be able to use a GPU:
 * libtorch, which computes there, and CUDA through JCuda, which copies ahead. An address must mean
 * the same memory to both.
 *
 * @param gpu the GPU as DJL knows it
 * @param whyTorchCannot why libtorch cannot compute on a GPU, if it cannot
 * @param probe whether there is a GPU at all
 * @param placement where batches can be copied
 * @param whyNotShared why libtorch does not see what CUDA copied, if it does not
 */
record TorchDeviceResolver(
    Device gpu,
    Supplier<Optional<String>> whyTorchCannot,
    Supplier<CudaProbe> probe,
    Supplier<Placement> placement,
    Function<Cuda, Optional<String>> whyNotShared) {

  /**
   * @param index of the GPU among those that the process sees
   */
  static TorchDeviceResolver onThisMachine(int index) {
    Device gpu = Device.gpu(index);
    return new TorchDeviceResolver(
        gpu,
        TorchEngine::whyNoCuda,
        CudaProbe::run,
        () -> withLibtorch(index),
        cuda -> SharedContextCheck.whyNot(cuda, gpu));
  }

  private static Placement withLibtorch(int index) {
    return switch (Placement.of(DeviceChoice.AUTO, index)) {
      case Placement.Cpu cpu -> cpu;
      case Placement.Gpu(Cuda cuda) ->
          new Placement.Gpu(new CacheReleasingCuda(cuda, JniUtils::emptyCudaCache));
    };
  }

  TorchDevice find(DeviceChoice choice) {
    if (choice == DeviceChoice.CPU) {
      return new TorchDevice.Cpu("it was asked for");
    }
    TorchDevice found = find();
    if (found instanceof TorchDevice.Cpu(String reason)) {
      choice.requireCpuAllowed(reason);
    }
    return found;
  }

  private TorchDevice find() {
    Optional<String> torchCannot = whyTorchCannot.get();
    if (torchCannot.isPresent()) {
      return new TorchDevice.Cpu(
          switch (probe.get()) {
            case CudaProbe.Unusable(String reason) -> reason;
            case CudaProbe.Usable _ -> torchCannot.get();
          });
    }
    if (probe.get() instanceof CudaProbe.Usable usable
        && gpu.getDeviceId() >= usable.devices().size()) {
      return new TorchDevice.Cpu(
          "there are "
              + usable.devices().size()
              + " GPUs, and none has number "
              + gpu.getDeviceId());
    }
    return switch (placement.get()) {
      case Placement.Cpu(String reason) ->
          new TorchDevice.CopyingGpu("JCuda cannot use it: " + reason, gpu);
      case Placement.Gpu(Cuda cuda) ->
          whyNotShared
              .apply(cuda)
              .<TorchDevice>map(reason -> new TorchDevice.CopyingGpu(reason, gpu))
              .orElseGet(() -> new TorchDevice.Gpu(cuda, gpu));
    };
  }
}
