package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaProbe;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Finds the {@link Placement} that a choice comes to.
 *
 * @param probe whether there is a GPU to use
 * @param open opens it
 */
record PlacementSearch(Supplier<CudaProbe> probe, Supplier<? extends Cuda> open) {

  Placement find(DeviceChoice choice) {
    if (choice == DeviceChoice.CPU) {
      return new Placement.Cpu("it was not asked for");
    }
    Placement found = find();
    if (choice == DeviceChoice.GPU && found instanceof Placement.Cpu(String reason)) {
      throw BadInputException.of(
          "the GPU cannot be used",
          "device",
          choice.name().toLowerCase(Locale.ROOT),
          "cause",
          reason);
    }
    return found;
  }

  private Placement find() {
    return switch (probe.get()) {
      case CudaProbe.Unusable(String reason) -> new Placement.Cpu(reason);
      case CudaProbe.Usable _ -> {
        try {
          yield new Placement.Gpu(open.get());
        } catch (CudaException e) { // a GPU that is there, but not for us
          yield new Placement.Cpu(e.getMessage());
        }
      }
    };
  }
}
