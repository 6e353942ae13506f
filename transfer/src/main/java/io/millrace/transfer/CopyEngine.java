package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import java.util.function.Consumer;

/** Brings sliced batches to where the model computes. Used by the consumer's thread alone. */
sealed interface CopyEngine permits HostCopyEngine {
  /**
   * @param giveBack told once the batch's slot may be refilled
   */
  DeviceBatch transfer(SlicedBatch batch, Consumer<DeviceBatch> giveBack);
}
