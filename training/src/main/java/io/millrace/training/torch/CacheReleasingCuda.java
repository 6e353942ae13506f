package io.millrace.training.torch;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;

/**
 * A GPU whose memory is shared with libtorch. Libtorch keeps the memory that it has allocated, and
 * CUDA counts it as used; if CUDA has no memory left for a slot, libtorch is asked to release what
 * it does not need now.
 */
final class CacheReleasingCuda extends ForwardingCuda {
  private final Runnable emptyCache;

  /**
   * @param emptyCache releases the memory that libtorch holds and does not use
   */
  CacheReleasingCuda(Cuda next, Runnable emptyCache) {
    super(next);
    this.emptyCache = emptyCache;
  }

  @Override
  public DeviceMemory deviceAlloc(long bytes) {
    try {
      return super.deviceAlloc(bytes);
    } catch (CudaOutOfMemoryException _) {
      emptyCache.run();
      return super.deviceAlloc(bytes);
    }
  }
}
