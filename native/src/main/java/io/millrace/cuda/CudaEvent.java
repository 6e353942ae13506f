package io.millrace.cuda;

/**
 * A mark in a stream: "all that was enqueued before". It stands where it was last recorded; one
 * that was never recorded counts as complete.
 *
 * @param handle CUDA's own
 */
public record CudaEvent(long handle) {
  @Override
  public String toString() {
    return "0x" + Long.toHexString(handle);
  }
}
