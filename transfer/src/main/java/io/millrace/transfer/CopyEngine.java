package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import java.util.function.Consumer;

/**
 * Delivers sliced batches where the model computes. It accepts them in order, some ahead of the
 * consumer, and returns them in the same order.
 *
 * <p>Used only by the consumer's thread. No method waits for the GPU, except {@link #drain}, {@link
 * #close}, and {@link #submit} when a device slot must grow. Owned by the {@link BatchPipeline}.
 */
sealed interface CopyEngine extends AutoCloseable permits HostCopyEngine, CudaCopyEngine {
  /**
   * Whether one more batch can be submitted. If not, and no batch is under way, the consumer holds
   * all the room there is.
   */
  boolean hasRoom();

  /** From now on the batches come from so many slots on the host. */
  void hostSlots(int number);

  /**
   * Starts the delivery of a batch; there must be room. The engine owns the slot of the batch from
   * now on and releases it, even if this method throws.
   *
   * @return bytes that are copied
   */
  long submit(SlicedBatch batch);

  /**
   * Returns the earliest submitted batch that was not returned yet. Work that the model enqueues
   * from now on runs after the batch has arrived.
   *
   * @param onClose called when the consumer closes the batch
   */
  DeviceBatch take(Consumer<DeviceBatch> onClose);

  /** Releases the slots whose content has been copied; does not wait. */
  void reclaim();

  /** Drops all batches that the consumer does not hold, and releases their slots. */
  void drain();

  /** How often a device slot has grown since the start. */
  long growths();

  /** All batches must be closed. */
  @Override
  void close();
}
