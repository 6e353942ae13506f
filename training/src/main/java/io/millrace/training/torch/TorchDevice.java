package io.millrace.training.torch;

import ai.djl.Device;
import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.DeviceChoice;

/**
 * Where the model computes, and how batches come there. Immutable; decided once, it can be given to
 * any number of trainers ({@link TrainerBuilder#device(TorchDevice)}).
 */
public sealed interface TorchDevice {
  /**
   * On the CPU, in the memory that the workers filled.
   *
   * @param reason why not on a GPU, in one line
   */
  record Cpu(String reason) implements TorchDevice {
    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public String description() {
      return "cpu, because " + reason;
    }
  }

  /**
   * On a GPU, in the memory that {@link Cuda} copied the batches to ahead of the model.
   *
   * @param device the same GPU, as DJL calls it
   */
  record Gpu(Cuda cuda, Device device) implements TorchDevice {
    @Override
    public String description() {
      return "gpu, batches are copied ahead and used where they lie";
    }
  }

  /**
   * On a GPU, to which DJL copies each batch when it is its turn: slower, for the GPU waits
   * meanwhile.
   *
   * @param reason why the batches are not copied ahead, in one line
   */
  record CopyingGpu(String reason, Device device) implements TorchDevice {
    @Override
    public String description() {
      return "gpu, batches are copied when it is their turn, because " + reason;
    }
  }

  /** As DJL calls it. */
  Device device();

  /** What it is, and why not better, in one line. */
  String description();

  /** "cpu" or "gpu". */
  default String name() {
    return device().isGpu() ? "gpu" : "cpu";
  }

  /**
   * Decides, and starts the engine for it. Never fails for {@link DeviceChoice#AUTO} and {@link
   * DeviceChoice#CPU}.
   *
   * @throws BadInputException if the GPU was asked for and cannot be used, with the reason
   */
  static TorchDevice of(DeviceChoice choice) {
    return TorchDeviceResolver.onThisMachine().find(choice);
  }
}
