package io.millrace.cuda;

/**
 * A queue of work on the GPU, in order; two streams are in no order but the one that events give.
 *
 * @param handle CUDA's own
 */
public record CudaStream(long handle) {
  /**
   * The stream that every thread has from the start, and on which torch computes. It waits for no
   * stream of {@link Cuda#streamCreate}, nor they for it.
   */
  public static final CudaStream LEGACY_DEFAULT = new CudaStream(0);

  @Override
  public String toString() {
    return "0x" + Long.toHexString(handle);
  }
}
