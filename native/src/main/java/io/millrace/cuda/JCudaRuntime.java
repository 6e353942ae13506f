package io.millrace.cuda;

import static io.millrace.cuda.JCudaStatus.check;

import java.lang.foreign.MemorySegment;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaError;
import jcuda.runtime.cudaEvent_t;
import jcuda.runtime.cudaStream_t;

/**
 * {@link Cuda} on a GPU, through JCuda. Every return code is checked.
 *
 * <p>CUDA stores the current GPU per thread, so each call first sets it. Torch has a second CUDA
 * runtime in the process. Both use the primary context of the GPU, so addresses and the legacy
 * default stream are the same for both.
 *
 * <p>Thread-safe. Owns nothing: callers free what they allocate.
 */
public final class JCudaRuntime implements Cuda {
  private final int device;
  private final JCudaHandles handles = new JCudaHandles();

  private JCudaRuntime(int device) {
    this.device = device;
  }

  /**
   * Opens the first visible GPU ({@code CUDA_VISIBLE_DEVICES} selects it).
   *
   * @throws CudaException if it cannot be used; {@link CudaProbe} gives the reason in words
   */
  public static JCudaRuntime open() {
    return open(0);
  }

  /**
   * Opens a GPU.
   *
   * @param device its number among the GPUs that the process sees
   * @throws CudaException if it cannot be used; {@link CudaProbe} gives the reason in words
   */
  public static JCudaRuntime open(int device) {
    JCudaLibrary.load();
    JCuda.setExceptionsEnabled(false); // return codes are checked here
    JCudaRuntime runtime = new JCudaRuntime(device);
    runtime.memGetInfo(); // creates the context, or fails now rather than at the first batch
    return runtime;
  }

  @Override
  public MemorySegment hostAlloc(long bytes) {
    choose();
    return JCudaMemory.hostAlloc(bytes);
  }

  @Override
  public void hostFree(MemorySegment memory) {
    choose();
    JCudaMemory.hostFree(memory);
  }

  @Override
  public DeviceMemory deviceAlloc(long bytes) {
    choose();
    return JCudaMemory.deviceAlloc(bytes);
  }

  @Override
  public void deviceFree(DeviceMemory memory) {
    choose();
    JCudaMemory.deviceFree(memory);
  }

  @Override
  public DeviceMemoryInfo memGetInfo() {
    choose();
    return JCudaMemory.info();
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
    return eventCreate(JCuda.cudaEventDisableTiming);
  }

  @Override
  public CudaEvent timedEventCreate() {
    return eventCreate(JCuda.cudaEventDefault);
  }

  private CudaEvent eventCreate(int flags) {
    choose();
    JCudaHandles.Event event = new JCudaHandles.Event();
    check(JCuda.cudaEventCreateWithFlags(event, flags), "cudaEventCreateWithFlags");
    return handles.add(event);
  }

  @Override
  public double elapsedMillis(CudaEvent begin, CudaEvent end) {
    choose();
    float[] millis = new float[1];
    int status = JCuda.cudaEventElapsedTime(millis, handles.alive(begin), handles.alive(end));
    check(status, "cudaEventElapsedTime", "begin", begin, "end", end);
    return millis[0];
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
    choose();
    JCudaMemory.copyToDeviceAsync(source, target, targetOffset, handles.alive(stream));
  }

  private void choose() {
    check(JCuda.cudaSetDevice(device), "cudaSetDevice", "device", device);
  }
}
