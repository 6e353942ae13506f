package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import java.util.function.Consumer;

/** The model computes on the CPU: the slot itself is handed on, without a copy. */
final class HostCopyEngine implements CopyEngine {
  @Override
  public DeviceBatch transfer(SlicedBatch batch, Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, batch.slot().memory(), giveBack);
  }
}
