package io.millrace.cuda;

/**
 * Memory on the GPU, or page-locked memory on the host, could not be allocated. The message names
 * the requested size, the free size, and options that reduce the need.
 */
public final class CudaOutOfMemoryException extends CudaException {
  private static final long serialVersionUID = 1L;

  private CudaOutOfMemoryException(
      String kind, String call, String code, long askedBytes, Object freeBytes, String options) {
    super(
        message(
                "out of " + kind,
                code,
                "call",
                call,
                "askedBytes",
                askedBytes,
                "freeBytes",
                freeBytes)
            + "; needs less with "
            + options);
  }

  /**
   * @param code CUDA's name and number of the error
   */
  static CudaOutOfMemoryException onDevice(String code, long askedBytes, long freeBytes) {
    return new CudaOutOfMemoryException(
        "GPU memory",
        "cudaMalloc",
        code,
        askedBytes,
        freeBytes,
        "a smaller --batch-size, --eval-batch-size or --fanout, fewer --device-slots");
  }

  /**
   * @param freeBytes the memory that the host has available, or "unknown"
   */
  static CudaOutOfMemoryException pageLocked(String code, long askedBytes, String freeBytes) {
    return new CudaOutOfMemoryException(
        "page-locked memory",
        "cudaHostAlloc",
        code,
        askedBytes,
        freeBytes,
        "a smaller --batch-size, --eval-batch-size or --fanout, fewer --slots");
  }
}
