package io.millrace.cuda;

import java.util.List;
import java.util.stream.IntStream;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaDeviceProp;
import jcuda.runtime.cudaError;

/**
 * Whether CUDA can be used here, and if not, why: the reason that a fallback reports and that
 * {@code millrace doctor} prints.
 *
 * <p>Calls the CUDA runtime, which JCuda links statically; without a driver its calls return an
 * error code. Allocates no memory on a device. Thread-safe.
 */
public sealed interface CudaProbe {

  /**
   * At least one device can be used.
   *
   * @param driverVersion the newest CUDA version that the driver supports, for instance "12.8"
   * @param runtimeVersion the CUDA version of the runtime, for instance "12.6"
   */
  record Usable(String driverVersion, String runtimeVersion, List<CudaDevice> devices)
      implements CudaProbe {}

  /**
   * @param reason why CUDA cannot be used, in one line
   */
  record Unusable(String reason) implements CudaProbe {}

  /** Looks for devices; never throws. */
  static CudaProbe run() {
    try {
      JCudaLibrary.load();
      int[] numDevices = new int[1];
      int status = JCuda.cudaGetDeviceCount(numDevices);
      if (status != cudaError.cudaSuccess) {
        return new Unusable(reason(status));
      }
      if (numDevices[0] == 0) {
        return new Unusable(reason(cudaError.cudaErrorNoDevice));
      }
      List<CudaDevice> devices =
          IntStream.range(0, numDevices[0]).mapToObj(CudaProbe::device).toList();
      return new Usable(driverVersion(), runtimeVersion(), devices);
    } catch (CudaException e) {
      return new Unusable(firstLine(e));
    } catch (LinkageError | RuntimeException e) { // natives that cannot be unpacked or loaded
      return new Unusable("the native library of JCuda cannot be loaded: " + firstLine(e));
    }
  }

  private static CudaDevice device(int index) {
    cudaDeviceProp properties = new cudaDeviceProp();
    check(JCuda.cudaGetDeviceProperties(properties, index));
    return new CudaDevice(
        index,
        properties.getName(),
        properties.totalGlobalMem,
        properties.major + "." + properties.minor);
  }

  private static String driverVersion() {
    int[] version = new int[1];
    check(JCuda.cudaDriverGetVersion(version));
    return version(version[0]);
  }

  private static String runtimeVersion() {
    int[] version = new int[1];
    check(JCuda.cudaRuntimeGetVersion(version));
    return version(version[0]);
  }

  /** CUDA writes 12.6 as 12060. */
  private static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  private static void check(int status) {
    if (status != cudaError.cudaSuccess) {
      throw new CudaException(reason(status));
    }
  }

  private static String reason(int status) {
    String code = JCudaStatus.code(status);
    return switch (status) {
      case cudaError.cudaErrorInsufficientDriver ->
          "no NVIDIA driver, or one older than CUDA needs: " + code;
      case cudaError.cudaErrorNoDevice -> "no CUDA device is visible: " + code;
      default -> "CUDA answers " + code;
    };
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
