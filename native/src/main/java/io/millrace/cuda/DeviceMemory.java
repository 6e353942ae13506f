package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/**
 * A block of memory on the GPU.
 *
 * @param address its device address; the host must never read or write there
 */
public record DeviceMemory(long address, long bytes) {
  /** No memory. */
  public static final DeviceMemory NONE = new DeviceMemory(0, 0);

  /**
   * The block as a segment, for bounds checks and slices. Only its addresses may be used: the host
   * has no such address, so an access through the segment ends the JVM.
   */
  @SuppressWarnings("restricted")
  public MemorySegment segment() {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(address) + "+" + bytes;
  }
}
