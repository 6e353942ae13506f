package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaProbe;
import io.millrace.cuda.JCudaRuntime;

/**
 * Where batches are delivered and the model computes. Immutable; any number of pipelines can share
 * one.
 */
public sealed interface Placement {
  /**
   * @param reason why the GPU is not used, in one line
   */
  record Cpu(String reason) implements Placement {}

  record Gpu(Cuda cuda) implements Placement {}

  /**
   * Chooses CPU or GPU. Never fails for {@link DeviceChoice#AUTO} and {@link DeviceChoice#CPU}.
   *
   * @throws BadInputException if the GPU was requested and cannot be used, with the reason
   */
  static Placement of(DeviceChoice choice) {
    return of(choice, 0);
  }

  /**
   * As {@link #of(DeviceChoice)}, with one of several GPUs.
   *
   * @param gpu its number among the GPUs that the process sees
   */
  static Placement of(DeviceChoice choice, int gpu) {
    // Not a method reference, which would load the class where JCuda may be missing.
    return choice.resolve(CudaProbe::run, () -> JCudaRuntime.open(gpu));
  }
}
