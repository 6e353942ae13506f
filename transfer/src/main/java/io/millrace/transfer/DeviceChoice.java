package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaProbe;
import java.util.Locale;
import java.util.function.Supplier;

/** Where the user wants to compute; {@link Placement#of} decides. */
public enum DeviceChoice {
  /** On the GPU if it can be used, else on the CPU, and {@link Placement.Cpu#reason} says why. */
  AUTO,
  CPU,
  /** On the GPU; it is an error if it cannot be used. */
  GPU;

  /**
   * See {@link Placement#of}.
   *
   * @param probe whether there is a GPU to use
   * @param open opens it
   */
  Placement resolve(Supplier<CudaProbe> probe, Supplier<? extends Cuda> open) {
    if (this == CPU) {
      return new Placement.Cpu("it was not asked for");
    }
    Placement found = find(probe, open);
    if (found instanceof Placement.Cpu(String reason)) {
      requireCpuAllowed(reason);
    }
    return found;
  }

  /**
   * Accepts the CPU unless the GPU was asked for.
   *
   * @param reason why the GPU cannot be used, in one line
   * @throws BadInputException if the GPU was asked for
   */
  @Internal
  public void requireCpuAllowed(String reason) {
    if (this == GPU) {
      throw BadInputException.of(
          "the GPU cannot be used", "device", name().toLowerCase(Locale.ROOT), "cause", reason);
    }
  }

  private static Placement find(Supplier<CudaProbe> probe, Supplier<? extends Cuda> open) {
    return switch (probe.get()) {
      case CudaProbe.Unusable(String reason) -> new Placement.Cpu(reason);
      case CudaProbe.Usable _ -> {
        try {
          yield new Placement.Gpu(open.get());
        } catch (CudaException e) { // there is a GPU, but this process may not use it
          yield new Placement.Cpu(e.getMessage());
        }
      }
    };
  }
}
