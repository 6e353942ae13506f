package io.millrace.cuda;

/**
 * There is not as much memory as was asked for, on the GPU or page-locked on the host. The message
 * says what was asked for, what is free, and which options make it less.
 */
public final class CudaOutOfMemoryException extends CudaException {
  private static final long serialVersionUID = 1L;

  /**
   * @param kind which memory, in words
   * @param freeBytes how much of it is free, or "unknown"
   * @param options what makes the batches fewer or smaller
   */
  public CudaOutOfMemoryException(
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
}
