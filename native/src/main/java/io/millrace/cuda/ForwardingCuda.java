package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/** Forwards every call. Subclasses override the calls that they measure, change or let fail. */
public class ForwardingCuda implements Cuda {
  private final Cuda next;

  public ForwardingCuda(Cuda next) {
    this.next = next;
  }

  @Override
  public MemorySegment hostAlloc(long bytes) {
    return next.hostAlloc(bytes);
  }

  @Override
  public void hostFree(MemorySegment memory) {
    next.hostFree(memory);
  }

  @Override
  public DeviceMemory deviceAlloc(long bytes) {
    return next.deviceAlloc(bytes);
  }

  @Override
  public void deviceFree(DeviceMemory memory) {
    next.deviceFree(memory);
  }

  @Override
  public DeviceMemoryInfo memGetInfo() {
    return next.memGetInfo();
  }

  @Override
  public CudaStream streamCreate() {
    return next.streamCreate();
  }

  @Override
  public void streamDestroy(CudaStream stream) {
    next.streamDestroy(stream);
  }

  @Override
  public void streamSynchronize(CudaStream stream) {
    next.streamSynchronize(stream);
  }

  @Override
  public void streamWaitEvent(CudaStream stream, CudaEvent event) {
    next.streamWaitEvent(stream, event);
  }

  @Override
  public CudaEvent eventCreate() {
    return next.eventCreate();
  }

  @Override
  public CudaEvent timedEventCreate() {
    return next.timedEventCreate();
  }

  @Override
  public double elapsedMillis(CudaEvent begin, CudaEvent end) {
    return next.elapsedMillis(begin, end);
  }

  @Override
  public void eventDestroy(CudaEvent event) {
    next.eventDestroy(event);
  }

  @Override
  public void eventRecord(CudaEvent event, CudaStream stream) {
    next.eventRecord(event, stream);
  }

  @Override
  public boolean eventQuery(CudaEvent event) {
    return next.eventQuery(event);
  }

  @Override
  public void eventSynchronize(CudaEvent event) {
    next.eventSynchronize(event);
  }

  @Override
  public void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
    next.copyToDeviceAsync(source, target, targetOffset, stream);
  }
}
