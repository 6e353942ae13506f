package io.millrace.cuda;

import jcuda.runtime.cudaError;

/** Checks the return codes of CUDA. */
final class JCudaStatus {
  private JCudaStatus() {}

  /**
   * @param call CUDA's name of the function that returned {@code status}
   * @param namesAndValues alternating names and values of its arguments
   * @throws CudaException if the status is an error
   */
  static void check(int status, String call, Object... namesAndValues) {
    if (status != cudaError.cudaSuccess) {
      throw CudaException.of(call, code(status), namesAndValues);
    }
  }

  static boolean outOfMemory(int status) {
    return status == cudaError.cudaErrorMemoryAllocation;
  }

  /** For instance "cudaErrorInvalidValue (1)". */
  static String code(int status) {
    return cudaError.stringFor(status) + " (" + status + ")";
  }
}
