package io.millrace.cuda;

/**
 * There is not as much memory as was asked for, on the GPU or page-locked on the host. The message
 * says what was asked for, what is free, and which options make it less.
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
   * @param freeBytes how much memory the host could give, or "unknown"
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
