package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/**
 * The few calls of the CUDA runtime that bring batches to a GPU: nothing more, so that a recording
 * double can stand in for a GPU and check in which order they are made.
 *
 * <p>Calls that take a stream only enqueue and return at once; {@link #streamSynchronize} and
 * {@link #eventSynchronize} alone wait for the GPU by purpose, and allocating or freeing may. All
 * calls are for one GPU. Any thread may make them; every one throws {@link CudaException} if CUDA
 * refuses it, and may then be speaking of work enqueued earlier. {@link JCudaRuntime} does it on a
 * GPU.
 */
public interface Cuda {

  /**
   * Page-locked memory, from which the GPU copies at the full speed of the bus while the host goes
   * on. Lives until {@link #hostFree}.
   *
   * @throws CudaOutOfMemoryException if there is not that much
   */
  MemorySegment hostAlloc(long bytes);

  /** The caller makes sure that no copy from it is under way. */
  void hostFree(MemorySegment memory);

  /**
   * @throws CudaOutOfMemoryException if there is not that much
   */
  DeviceMemory deviceAlloc(long bytes);

  /** The caller makes sure that nothing enqueued uses it any more. */
  void deviceFree(DeviceMemory memory);

  DeviceMemoryInfo memGetInfo();

  /** A stream that is in no order with {@link CudaStream#LEGACY_DEFAULT} ("non-blocking"). */
  CudaStream streamCreate();

  void streamDestroy(CudaStream stream);

  /** Waits until all that was enqueued on the stream is done. */
  void streamSynchronize(CudaStream stream);

  /** What is enqueued on the stream from now on waits for where the event stands now. */
  void streamWaitEvent(CudaStream stream, CudaEvent event);

  /** An event for order only: it takes no time stamps, which would cost time. */
  CudaEvent eventCreate();

  /** An event that takes a time stamp where it is recorded: for measurements. */
  CudaEvent timedEventCreate();

  /**
   * The time that the GPU took from one event to another.
   *
   * @param begin timed, and known to be complete, as {@code end}
   */
  double elapsedMillis(CudaEvent begin, CudaEvent end);

  void eventDestroy(CudaEvent event);

  /** Moves the event to behind all that is enqueued on the stream so far. */
  void eventRecord(CudaEvent event, CudaStream stream);

  /** Whether all before the event is done; does not wait. */
  boolean eventQuery(CudaEvent event);

  /** Waits until all before the event is done. */
  void eventSynchronize(CudaEvent event);

  /**
   * Enqueues a copy of all of {@code source} to the GPU.
   *
   * @param source page-locked memory, not to be changed or freed until the copy is done
   * @param targetOffset bytes from the start of {@code target}, with room for {@code source} behind
   */
  void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream);
}
