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
 * <p>{@code copied} is recorded after each copy into the slot, and the model's stream waits for it
 * before it computes. {@code consumed} is recorded on the model's stream when the batch is closed,
 * and the copy stream waits for it before it refills the slot. Neither event is recorded again
 * before the wait for it has been enqueued. A slot grows when a batch needs more memory.
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
   * Makes room for a batch. To grow, the host waits until the GPU has finished with the content of
   * the slot. That happens only until all slots are large enough.
   */
  void ensure(long bytes) {
    if (bytes > memory.bytes()) {
      free();
      try {
        memory = cuda.deviceAlloc(bytes + bytes / 4);
      } catch (CudaOutOfMemoryException _) { // no memory for the headroom of 25 %
        memory = cuda.deviceAlloc(bytes);
      }
      growths++;
    }
  }

  /** The copy stream waits until the model has finished with the content of the slot. */
  void awaitConsumed(CudaStream copyStream) {
    cuda.streamWaitEvent(copyStream, consumed);
  }

  /** Marks the end of the copies that were enqueued so far. */
  void recordCopied(CudaStream copyStream) {
    cuda.eventRecord(copied, copyStream);
  }

  /** The model waits until the whole batch has arrived. */
  void awaitCopied() {
    cuda.streamWaitEvent(CudaStream.LEGACY_DEFAULT, copied);
  }

  /**
   * Marks the end of the work that may read the slot: everything that the model enqueued so far.
   */
  void recordConsumed() {
    try {
      cuda.eventRecord(consumed, CudaStream.LEGACY_DEFAULT);
    } catch (RuntimeException e) { // without the event, only waiting shows that the model is done
      try {
        cuda.streamSynchronize(CudaStream.LEGACY_DEFAULT);
      } catch (RuntimeException worse) {
        e.addSuppressed(worse);
      }
      throw e;
    }
  }

  /** Frees the memory when the GPU has finished with it; if that cannot be found out, leaks it. */
  void close() {
    Shutdown.run(this::free, () -> cuda.eventDestroy(copied), () -> cuda.eventDestroy(consumed));
  }

  /**
   * Waiting for {@code consumed} is enough: a batch that was consumed had been copied before, and
   * {@link CudaCopyEngine#drain} has waited for the copies of batches that were dropped.
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
