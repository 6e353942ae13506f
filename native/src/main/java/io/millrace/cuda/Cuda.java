package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/**
 * The calls of the CUDA runtime that the pipeline needs. There are few, so that a recording test
 * double can replace a GPU and check their order.
 *
 * <p>Calls that take a stream enqueue work and return at once. Only {@link #streamSynchronize} and
 * {@link #eventSynchronize} wait for the GPU on purpose; allocating and freeing may wait. All calls
 * are for one GPU. Thread-safe. Every call throws {@link CudaException} if CUDA returns an error,
 * which may be the error of work enqueued earlier. {@link JCudaRuntime} is the implementation.
 */
public interface Cuda {

  /**
   * Allocates page-locked memory, from which the GPU copies at the full speed of the bus while the
   * host continues. Freed by {@link #hostFree}.
   *
   * @throws CudaOutOfMemoryException if the system has less
   */
  MemorySegment hostAlloc(long bytes);

  /** The caller ensures that no copy from the memory is under way. */
  void hostFree(MemorySegment memory);

  /**
   * @throws CudaOutOfMemoryException if the GPU has less
   */
  DeviceMemory deviceAlloc(long bytes);

  /** The caller ensures that no enqueued work uses the memory any more. */
  void deviceFree(DeviceMemory memory);

  DeviceMemoryInfo memGetInfo();

  /**
   * Creates a stream that is not ordered with {@link CudaStream#LEGACY_DEFAULT} ("non-blocking").
   */
  CudaStream streamCreate();

  void streamDestroy(CudaStream stream);

  /** Waits until all work that was enqueued on the stream is done. */
  void streamSynchronize(CudaStream stream);

  /** Work that is enqueued on the stream from now on waits for the last recording of the event. */
  void streamWaitEvent(CudaStream stream, CudaEvent event);

  /** Creates an event without time stamps, which would cost time. */
  CudaEvent eventCreate();

  /** Creates an event with time stamps, for measurements. */
  CudaEvent timedEventCreate();

  /**
   * The time on the GPU between two events.
   *
   * @param begin a timed event that is complete
   * @param end the same
   */
  double elapsedMillis(CudaEvent begin, CudaEvent end);

  void eventDestroy(CudaEvent event);

  /** Places the event behind all work that is enqueued on the stream so far. */
  void eventRecord(CudaEvent event, CudaStream stream);

  /** Whether all work before the event is done; does not wait. */
  boolean eventQuery(CudaEvent event);

  /** Waits until all work before the event is done. */
  void eventSynchronize(CudaEvent event);

  /**
   * Enqueues a copy of all of {@code source} to the GPU.
   *
   * @param source page-locked memory; it must not be changed or freed until the copy is done
   * @param targetOffset bytes from the start of {@code target}; {@code source} must fit behind
   */
  void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream);
}
