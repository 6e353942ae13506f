package io.millrace.slicing;

import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.kernel.KernelProbe;

/** The kernel keeps the contract. */
class NativeGatherTest extends RowGatherTest {
  @Override
  RowGather choose() {
    return switch (KernelProbe.run()) {
      case KernelProbe.Usable _ -> RowGather.of(GatherKind.NATIVE);
      case KernelProbe.Unusable(String reason) -> abort("no native kernel: " + reason);
    };
  }
}
