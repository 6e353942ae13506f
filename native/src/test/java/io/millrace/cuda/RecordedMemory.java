package io.millrace.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The blocks of {@link RecordingCuda} that are allocated, by their addresses. A GPU has only so
 * much memory; page-locked there is any. Not thread-safe: its owner locks.
 */
final class RecordedMemory {
  /** Above all that a process has. */
  private static final long FIRST_DEVICE_ADDRESS = 1L << 52;

  private static final long PAGE_BYTES = 4096;

  private final long deviceBytes;
  private final TreeMap<Long, HostBlock> hostBlocks = new TreeMap<>();
  private final TreeMap<Long, DeviceBlock> deviceBlocks = new TreeMap<>();
  private long nextAddress = FIRST_DEVICE_ADDRESS;

  RecordedMemory(long deviceBytes) {
    this.deviceBytes = deviceBytes;
  }

  MemorySegment hostAlloc(long bytes) {
    HostBlock block = new HostBlock(bytes);
    hostBlocks.put(block.memory.address(), block);
    return block.memory;
  }

  /** Null if there is none. */
  HostBlock removeHost(MemorySegment memory) {
    return hostBlocks.remove(memory.address());
  }

  /** The block that all of {@code part} lies in. */
  Optional<HostBlock> host(MemorySegment part) {
    return Optional.ofNullable(hostBlocks.floorEntry(part.address()))
        .map(Map.Entry::getValue)
        .filter(block -> block.contains(part));
  }

  DeviceMemory deviceAlloc(long bytes) {
    long free = info().freeBytes();
    if (bytes > free) {
      throw CudaOutOfMemoryException.onDevice("cudaErrorMemoryAllocation (2)", bytes, free);
    }
    DeviceMemory memory = new DeviceMemory(nextAddress, bytes);
    deviceBlocks.put(memory.address(), new DeviceBlock(memory));
    nextAddress += Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES + PAGE_BYTES;
    return memory;
  }

  /** Null if there is none. */
  DeviceBlock removeDevice(DeviceMemory memory) {
    return deviceBlocks.remove(memory.address());
  }

  /** The block that all of those bytes lie in. */
  Optional<DeviceBlock> device(long address, long bytes) {
    return Optional.ofNullable(deviceBlocks.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(block -> block.contains(address, bytes));
  }

  DeviceMemoryInfo info() {
    long used = deviceBlocks.values().stream().mapToLong(block -> block.memory.bytes()).sum();
    return new DeviceMemoryInfo(deviceBytes - used, deviceBytes);
  }

  List<String> left() {
    List<String> left = new ArrayList<>();
    hostBlocks.values().forEach(block -> left.add("host memory " + block.memory.byteSize()));
    deviceBlocks.values().forEach(block -> left.add("device memory " + block.memory));
    return left;
  }
}
