package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/** Has no memory in one piece that is larger than so many bytes. */
public final class LimitedCuda extends ForwardingCuda {
  private long maxBytes;

  public LimitedCuda(Cuda next, long maxBytes) {
    super(next);
    this.maxBytes = maxBytes;
  }

  public void limit(long bytes) {
    maxBytes = bytes;
  }

  @Override
  public MemorySegment hostAlloc(long bytes) {
    if (bytes > maxBytes) {
      throw CudaOutOfMemoryException.pageLocked("a double", bytes, "unknown");
    }
    return super.hostAlloc(bytes);
  }

  @Override
  public DeviceMemory deviceAlloc(long bytes) {
    if (bytes > maxBytes) {
      throw CudaOutOfMemoryException.onDevice("a double", bytes, maxBytes);
    }
    return super.deviceAlloc(bytes);
  }
}
