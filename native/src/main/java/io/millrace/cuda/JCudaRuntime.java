package io.millrace.cuda;

import static io.millrace.cuda.JCudaStatus.check;

import io.millrace.cuda.JCudaHandles.RawPointer;
import java.lang.foreign.MemorySegment;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaError;
import jcuda.runtime.cudaEvent_t;
import jcuda.runtime.cudaMemcpyKind;
import jcuda.runtime.cudaStream_t;

/**
 * {@link Cuda} on a GPU, through JCuda. Every return code is checked.
 *
 * <p>CUDA keeps the GPU in use per thread, so each call first chooses this one's. Torch has a CUDA
 * runtime of its own in the process; both work in the GPU's one primary context, so addresses and
 * the legacy default stream mean the same to both.
 *
 * <p>Thread-safe. Owns nothing: its callers free what they allocate.
 */
public final class JCudaRuntime implements Cuda {
  /** JCuda describes page-locked memory by a byte buffer too, and that ends here. */
  private static final long MAX_HOST_BYTES = Integer.MAX_VALUE;

  private final int device;
  private final JCudaHandles handles = new JCudaHandles();

  private JCudaRuntime(int device) {
    this.device = device;
  }

  /**
   * Opens the first GPU that is visible ({@code CUDA_VISIBLE_DEVICES} chooses which one that is).
   *
   * @throws CudaException if it cannot be used; {@link CudaProbe} says why in words
   */
  public static JCudaRuntime open() {
    JCuda.setExceptionsEnabled(false); // return codes it is: they are checked here
    JCudaRuntime runtime = new JCudaRuntime(0);
    runtime.memGetInfo(); // makes the context, or fails now rather than at the first batch
    return runtime;
  }

  /**
   * With CUDA's default flags. Not write-combined, which is somewhat faster for the bus, for the
   * host reads the slots too (a batch's checksum), and would do so very slowly. Not portable or
   * mapped, for where host and GPU share one address space, as on all 64-bit systems, all
   * page-locked memory is both.
   */
  @Override
  @SuppressWarnings("restricted")
  public MemorySegment hostAlloc(long bytes) {
    if (bytes > MAX_HOST_BYTES) {
      throw new CudaException(
          "a page-locked block ends at 2 GiB: bytes="
              + bytes
              + "; needs less with a smaller --batch-size or --fanout");
    }
    choose();
    RawPointer pointer = new RawPointer(0);
    int status = JCuda.cudaHostAlloc(pointer, bytes, JCuda.cudaHostAllocDefault);
    if (JCudaStatus.outOfMemory(status)) {
      throw new CudaOutOfMemoryException(
          "page-locked memory",
          "cudaHostAlloc",
          JCudaStatus.code(status),
          bytes,
          HostMemory.availableBytes(),
          "fewer --slots, a smaller --batch-size or --fanout");
    }
    check(status, "cudaHostAlloc", "bytes", bytes);
    return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
  }

  @Override
  public void hostFree(MemorySegment memory) {
    choose();
    check(JCuda.cudaFreeHost(new RawPointer(memory.address())), "cudaFreeHost", "memory", memory);
  }

  @Override
  public DeviceMemory deviceAlloc(long bytes) {
    choose();
    RawPointer pointer = new RawPointer(0);
    int status = JCuda.cudaMalloc(pointer, bytes);
    if (JCudaStatus.outOfMemory(status)) {
      throw new CudaOutOfMemoryException(
          "GPU memory",
          "cudaMalloc",
          JCudaStatus.code(status),
          bytes,
          memGetInfo().freeBytes(),
          "a smaller --batch-size or --fanout");
    }
    check(status, "cudaMalloc", "bytes", bytes);
    return new DeviceMemory(pointer.address(), bytes);
  }

  @Override
  public void deviceFree(DeviceMemory memory) {
    choose();
    check(JCuda.cudaFree(new RawPointer(memory.address())), "cudaFree", "memory", memory);
  }

  @Override
  public DeviceMemoryInfo memGetInfo() {
    choose();
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCuda.cudaMemGetInfo(free, total), "cudaMemGetInfo");
    return new DeviceMemoryInfo(free[0], total[0]);
  }

  @Override
  public CudaStream streamCreate() {
    choose();
    JCudaHandles.Stream stream = new JCudaHandles.Stream();
    check(
        JCuda.cudaStreamCreateWithFlags(stream, JCuda.cudaStreamNonBlocking),
        "cudaStreamCreateWithFlags");
    return handles.add(stream);
  }

  @Override
  public void streamDestroy(CudaStream stream) {
    choose();
    cudaStream_t last = handles.remove(stream);
    check(JCuda.cudaStreamDestroy(last), "cudaStreamDestroy", "stream", stream);
  }

  @Override
  public void streamSynchronize(CudaStream stream) {
    choose();
    int status = JCuda.cudaStreamSynchronize(handles.alive(stream));
    check(status, "cudaStreamSynchronize", "stream", stream);
  }

  @Override
  public void streamWaitEvent(CudaStream stream, CudaEvent event) {
    choose();
    int status =
        JCuda.cudaStreamWaitEvent(
            handles.alive(stream), handles.alive(event), JCuda.cudaEventWaitDefault);
    check(status, "cudaStreamWaitEvent", "stream", stream, "event", event);
  }

  @Override
  public CudaEvent eventCreate() {
    choose();
    JCudaHandles.Event event = new JCudaHandles.Event();
    check(
        JCuda.cudaEventCreateWithFlags(event, JCuda.cudaEventDisableTiming),
        "cudaEventCreateWithFlags");
    return handles.add(event);
  }

  @Override
  public void eventDestroy(CudaEvent event) {
    choose();
    cudaEvent_t last = handles.remove(event);
    check(JCuda.cudaEventDestroy(last), "cudaEventDestroy", "event", event);
  }

  @Override
  public void eventRecord(CudaEvent event, CudaStream stream) {
    choose();
    int status = JCuda.cudaEventRecord(handles.alive(event), handles.alive(stream));
    check(status, "cudaEventRecord", "event", event, "stream", stream);
  }

  @Override
  public boolean eventQuery(CudaEvent event) {
    choose();
    int status = JCuda.cudaEventQuery(handles.alive(event));
    if (status == cudaError.cudaErrorNotReady) {
      return false;
    }
    check(status, "cudaEventQuery", "event", event);
    return true;
  }

  @Override
  public void eventSynchronize(CudaEvent event) {
    choose();
    int status = JCuda.cudaEventSynchronize(handles.alive(event));
    check(status, "cudaEventSynchronize", "event", event);
  }

  @Override
  public void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
    long bytes = source.byteSize();
    if (targetOffset < 0 || bytes > target.bytes() - targetOffset) {
      throw new IndexOutOfBoundsException(
          "copy leaves its target: target=%s, offset=%d, bytes=%d"
              .formatted(target, targetOffset, bytes));
    }
    choose();
    int status =
        JCuda.cudaMemcpyAsync(
            new RawPointer(target.address() + targetOffset),
            new RawPointer(source.address()),
            bytes,
            cudaMemcpyKind.cudaMemcpyHostToDevice,
            handles.alive(stream));
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

  private void choose() {
    check(JCuda.cudaSetDevice(device), "cudaSetDevice", "device", device);
  }
}
