package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import java.util.function.Consumer;

/**
 * Brings sliced batches to where the model computes: takes them in order, some ahead of the
 * consumer, and gives them back in the same order.
 *
 * <p>Used by the consumer's thread alone. No method waits for the GPU, except {@link #drain},
 * {@link #close}, and {@link #submit} when a device slot must grow. Owned by the {@link
 * BatchPipeline}; the next class to read is {@link CudaCopyEngine}.
 */
sealed interface CopyEngine extends AutoCloseable permits HostCopyEngine, CudaCopyEngine {
  /**
   * Whether one more batch can be submitted. If none is under way, it cannot because the consumer
   * holds as many as there is room for.
   */
  boolean hasRoom();

  /**
   * Sends a batch on its way, if there is room. Its slot is the engine's from here on, which gives
   * it back to the pool; if this throws, it has done so.
   */
  void submit(SlicedBatch batch);

  /**
   * Hands over the batch that was submitted first, of those that were not handed over: what the
   * model enqueues from now on finds it in place.
   *
   * @param onClose told when the consumer closes the batch
   */
  DeviceBatch take(Consumer<DeviceBatch> onClose);

  /** Gives those slots back to the pool whose content has left them. */
  void reclaim();

  /** Gives back the slots of all batches but those in the consumer's hands, and forgets them. */
  void drain();

  /** How often a batch outgrew its place on the device, since the start. */
  long growths();

  /** All batches must be closed. */
  @Override
  void close();
}
