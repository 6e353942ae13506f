package io.millrace.cuda;

/**
 * A queue of work on the GPU. The work of a stream runs in order; only events order two streams.
 *
 * @param handle CUDA's handle
 */
public record CudaStream(long handle) {
  /**
   * The default stream, on which torch computes. It does not wait for streams of {@link
   * Cuda#streamCreate}, and they do not wait for it.
   */
  public static final CudaStream LEGACY_DEFAULT = new CudaStream(0);

  @Override
  public String toString() {
    return "0x" + Long.toHexString(handle);
  }
}
