package io.millrace.transfer;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;

/**
 * Memory on the GPU for one batch at a time, with an event for each direction:
 *
 * <pre>
 *   copy stream    ... copy n  [copied]              wait for consumed, copy n + D  [copied]
 *   stream 0           wait for copied, compute n ...  [consumed]
 * </pre>
 *
 * <p>{@code copied} is recorded behind each copy into the slot, and the model's stream waits for it
 * before it computes; {@code consumed} is recorded on the model's stream when the batch is closed,
 * and the copy stream waits for it before it refills the slot. Neither is recorded anew before
 * everyone who has to wait for it has been told to. Grows when a batch needs more than it has.
 */
final class DeviceSlot {
  private final Cuda cuda;
  private final CudaEvent copied;
  private final CudaEvent consumed;
  private DeviceMemory memory = DeviceMemory.NONE;
  private long growths;

  DeviceSlot(Cuda cuda, long bytes) {
    this.cuda = cuda;
    copied = cuda.eventCreate();
    try {
      consumed = cuda.eventCreate();
    } catch (Throwable t) {
      cuda.eventDestroy(copied);
      throw t;
    }
    try {
      memory = cuda.deviceAlloc(bytes);
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  DeviceMemory memory() {
    return memory;
  }

  long growths() {
    return growths;
  }

  /**
   * Makes room for a batch. To grow, the host waits until the GPU is done with what lies here: the
   * one time that it does on the way of a batch, and only until all slots fit.
   */
  void ensure(long bytes) {
    if (bytes > memory.bytes()) {
      free();
      try {
        memory = cuda.deviceAlloc(bytes + bytes / 4);
      } catch (CudaOutOfMemoryException _) { // the next batch's, not this one's
        memory = cuda.deviceAlloc(bytes);
      }
      growths++;
    }
  }

  /** The copy stream waits until the model is done with what lies here. */
  void awaitConsumed(CudaStream copyStream) {
    cuda.streamWaitEvent(copyStream, consumed);
  }

  /** All that was enqueued on the copy stream so far is what has to be here. */
  void recordCopied(CudaStream copyStream) {
    cuda.eventRecord(copied, copyStream);
  }

  /** The model waits until all of the batch is here. */
  void awaitCopied() {
    cuda.streamWaitEvent(CudaStream.LEGACY_DEFAULT, copied);
  }

  /** All that was enqueued by the model so far may read here; what comes does not. */
  void recordConsumed() {
    try {
      cuda.eventRecord(consumed, CudaStream.LEGACY_DEFAULT);
    } catch (RuntimeException e) { // without the event, only waiting tells that the model is done
      try {
        cuda.streamSynchronize(CudaStream.LEGACY_DEFAULT);
      } catch (RuntimeException worse) {
        e.addSuppressed(worse);
      }
      throw e;
    }
  }

  /** Frees the memory once the GPU is done with it; if that cannot be known, it is not freed. */
  void close() {
    Shutdown.run(this::free, () -> cuda.eventDestroy(copied), () -> cuda.eventDestroy(consumed));
  }

  /**
   * A batch that was computed on was copied before; of one that was dropped, {@link
   * CudaCopyEngine#drain} has awaited the copy.
   */
  private void free() {
    DeviceMemory last = memory;
    memory = DeviceMemory.NONE;
    if (last.bytes() > 0) {
      cuda.eventSynchronize(consumed);
      cuda.deviceFree(last);
    }
  }
}
