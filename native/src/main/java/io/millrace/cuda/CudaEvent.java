package io.millrace.cuda;

/**
 * A mark in a stream that stands for all work enqueued before it. It is where it was last recorded;
 * an event that was never recorded counts as complete.
 *
 * @param handle CUDA's handle
 */
public record CudaEvent(long handle) {
  @Override
  public String toString() {
    return "0x" + Long.toHexString(handle);
  }
}
