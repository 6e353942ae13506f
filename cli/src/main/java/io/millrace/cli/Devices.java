package io.millrace.cli;

import io.millrace.cuda.CudaProbe;
import io.millrace.datasets.BadInputException;

/** Decides where to compute, and says why when it is not on the GPU. */
final class Devices {
  private static final String CPU_ONLY = "this version computes on the CPU only";

  private Devices() {}

  /** Why there is no computing on the GPU. */
  static String whyNotGpu() {
    return switch (CudaProbe.run()) {
      case CudaProbe.Unusable(String reason) -> reason;
      case CudaProbe.Usable _ -> CPU_ONLY;
    };
  }

  /** Refuses a GPU that was asked for by name; announces the fallback of {@code auto}. */
  static void requireUsable(CommonOptions.Device device, Output output) {
    switch (device) {
      case CPU -> {}
      case AUTO -> output.note("device: cpu (why: millrace doctor)");
      case GPU ->
          throw BadInputException.of(
              "the GPU cannot be used", "device", Choices.label(device), "cause", whyNotGpu());
    }
  }
}
