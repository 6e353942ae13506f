package io.millrace.training.torch;

import ai.djl.Device;
import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.transfer.DeviceChoice;

/**
 * Where the model computes, and how batches get there. Immutable; one instance can be given to any
 * number of trainers ({@code TrainerBuilder.device}).
 */
public sealed interface TorchDevice {
  /**
   * The model computes on the CPU, in the memory that the workers filled.
   *
   * @param reason why it does not compute on a GPU, in one line
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
   * The model computes on a GPU, in the memory that {@link Cuda} copied the batches to in advance.
   *
   * @param device the same GPU as a DJL device
   */
  record Gpu(Cuda cuda, Device device) implements TorchDevice {
    @Override
    public String description() {
      return "gpu, batches are copied ahead and used where they lie";
    }
  }

  /**
   * The model computes on a GPU to which DJL copies each batch when it is its turn. This is slower,
   * because the GPU waits meanwhile.
   *
   * @param reason why the batches are not copied ahead, in one line
   */
  record CopyingGpu(String reason, Device device) implements TorchDevice {
    @Override
    public String description() {
      return "gpu, batches are copied when it is their turn, because " + reason;
    }
  }

  /** The device as DJL knows it. */
  Device device();

  /** The choice and, where it is not the best, the reason, in one line. */
  String description();

  /** "cpu" or "gpu". */
  default String name() {
    return device().isGpu() ? "gpu" : "cpu";
  }

  /**
   * Chooses the device, and starts the engine for that. Never fails for {@link DeviceChoice#AUTO}
   * and {@link DeviceChoice#CPU}.
   *
   * @throws BadInputException if the GPU was asked for and cannot be used, with the reason
   */
  static TorchDevice of(DeviceChoice choice) {
    return TorchDeviceResolver.onThisMachine(0).find(choice);
  }

  /**
   * One of several GPUs, as a scheduler assigns them; starts the engine.
   *
   * @param index its number among the GPUs that the process sees
   * @throws BadInputException if it cannot be used, with the reason
   */
  static TorchDevice gpu(int index) {
    return TorchDeviceResolver.onThisMachine(index).find(DeviceChoice.GPU);
  }
}
