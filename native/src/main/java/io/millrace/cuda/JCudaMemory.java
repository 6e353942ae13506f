package io.millrace.cuda;

import static io.millrace.cuda.JCudaStatus.check;

import io.millrace.cuda.JCudaHandles.RawPointer;
import java.lang.foreign.MemorySegment;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaMemcpyKind;
import jcuda.runtime.cudaStream_t;

/**
 * The memory calls of {@link JCudaRuntime}, on the current GPU of the thread. Stateless and
 * thread-safe.
 */
final class JCudaMemory {
  /** JCuda also makes a byte buffer of page-locked memory, whose size is an int. */
  private static final long MAX_HOST_BYTES = Integer.MAX_VALUE;

  private JCudaMemory() {}

  /**
   * With CUDA's default flags. Write-combined memory would be somewhat faster on the bus, but the
   * host also reads the slots (for a batch's checksum), which would be very slow. The flags
   * portable and mapped are not needed: on 64-bit systems host and GPU share one address space, and
   * all page-locked memory is both.
   */
  @SuppressWarnings("restricted")
  static MemorySegment hostAlloc(long bytes) {
    if (bytes > MAX_HOST_BYTES) {
      throw CudaOutOfMemoryException.pageLocked(
          "a block ends at 2 GiB", bytes, HostMemory.availableBytes());
    }
    RawPointer pointer = new RawPointer(0);
    int status = JCuda.cudaHostAlloc(pointer, bytes, JCuda.cudaHostAllocDefault);
    if (JCudaStatus.outOfMemory(status)) {
      throw CudaOutOfMemoryException.pageLocked(
          JCudaStatus.code(status), bytes, HostMemory.availableBytes());
    }
    check(status, "cudaHostAlloc", "bytes", bytes);
    return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
  }

  static void hostFree(MemorySegment memory) {
    check(JCuda.cudaFreeHost(new RawPointer(memory.address())), "cudaFreeHost", "memory", memory);
  }

  static DeviceMemory deviceAlloc(long bytes) {
    RawPointer pointer = new RawPointer(0);
    int status = JCuda.cudaMalloc(pointer, bytes);
    if (JCudaStatus.outOfMemory(status)) {
      throw CudaOutOfMemoryException.onDevice(JCudaStatus.code(status), bytes, info().freeBytes());
    }
    check(status, "cudaMalloc", "bytes", bytes);
    return new DeviceMemory(pointer.address(), bytes);
  }

  static void deviceFree(DeviceMemory memory) {
    check(JCuda.cudaFree(new RawPointer(memory.address())), "cudaFree", "memory", memory);
  }

  static DeviceMemoryInfo info() {
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCuda.cudaMemGetInfo(free, total), "cudaMemGetInfo");
    return new DeviceMemoryInfo(free[0], total[0]);
  }

  static void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, cudaStream_t stream) {
    long bytes = source.byteSize();
    if (targetOffset < 0 || bytes > target.bytes() - targetOffset) {
      throw new IndexOutOfBoundsException(
          "copy leaves its target: target=%s, offset=%s, bytes=%s"
              .formatted(target, targetOffset, bytes));
    }
    int status =
        JCuda.cudaMemcpyAsync(
            new RawPointer(target.address() + targetOffset),
            new RawPointer(source.address()),
            bytes,
            cudaMemcpyKind.cudaMemcpyHostToDevice,
            stream);
    check(
        status,
        "cudaMemcpyAsync",
        "source",
        source,
        "target",
        target,
        "offset",
        targetOffset,
        "stream",
        stream);
  }
}
