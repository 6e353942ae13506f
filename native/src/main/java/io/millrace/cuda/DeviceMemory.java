package io.millrace.cuda;

import java.lang.foreign.MemorySegment;

/**
 * A block of memory on the GPU.
 *
 * @param address where it begins, as the GPU sees it: the host must never read or write there
 */
public record DeviceMemory(long address, long bytes) {
  /** No memory. */
  public static final DeviceMemory NONE = new DeviceMemory(0, 0);

  /**
   * The block as a segment, for its bounds and for taking slices of it. Only its addresses may be
   * used: an access through it is one to an address that the host does not have, and ends the JVM.
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
