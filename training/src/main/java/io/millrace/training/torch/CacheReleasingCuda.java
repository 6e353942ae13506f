package io.millrace.training.torch;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;

/**
 * A GPU whose memory is libtorch's too. Libtorch keeps what it has allocated once and CUDA counts
 * it as used; where CUDA has no more for a slot, libtorch is asked to give back what it does not
 * need now.
 */
final class CacheReleasingCuda extends ForwardingCuda {
  private final Runnable emptyCache;

  /**
   * @param emptyCache gives back what libtorch holds and does not use
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
