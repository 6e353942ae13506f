package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaProbe;
import io.millrace.cuda.JCudaRuntime;

/**
 * Where batches go and the model computes, once it is decided. Immutable; what is decided once can
 * be given to any number of pipelines.
 */
public sealed interface Placement {
  /**
   * @param reason why not on the GPU, in one line
   */
  record Cpu(String reason) implements Placement {}

  record Gpu(Cuda cuda) implements Placement {}

  /**
   * Decides. Never fails for {@link DeviceChoice#AUTO} and {@link DeviceChoice#CPU}.
   *
   * @throws BadInputException if the GPU was asked for and cannot be used, with the reason
   */
  static Placement of(DeviceChoice choice) {
    return choice.resolve(CudaProbe::run, JCudaRuntime::open);
  }
}
