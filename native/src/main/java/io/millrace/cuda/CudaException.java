package io.millrace.cuda;

/**
 * A call of CUDA failed, or reported that earlier work had failed. The message is one line: the
 * call, CUDA's name and number of the error, and the arguments as {@code name=value}.
 */
public class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CudaException(String message) {
    super(message);
  }

  /**
   * @param call CUDA's name of the function
   * @param code for instance "cudaErrorInvalidValue (1)"
   * @param namesAndValues alternating names and values of the arguments
   */
  static CudaException of(String call, String code, Object... namesAndValues) {
    return new CudaException(message(call + " failed", code, namesAndValues));
  }

  static String message(String what, String code, Object... namesAndValues) {
    StringBuilder message = new StringBuilder(what).append(": code=").append(code);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message.append(", ").append(namesAndValues[i]).append('=').append(namesAndValues[i + 1]);
    }
    return message.toString();
  }
}
