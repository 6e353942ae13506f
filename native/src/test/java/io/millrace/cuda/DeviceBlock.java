package io.millrace.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Device memory of {@link RecordingCuda}: what lies there, and who last wrote and read it. */
final class DeviceBlock {
  final DeviceMemory memory;
  final byte[] content;
  Optional<Operation> lastCopy = Optional.empty();

  /** Since the last copy. */
  final List<Operation> reads = new ArrayList<>();

  DeviceBlock(DeviceMemory memory) {
    this.memory = memory;
    this.content = new byte[Math.toIntExact(memory.bytes())];
  }

  boolean contains(long address, long bytes) {
    long offset = address - memory.address();
    return offset >= 0 && offset + bytes <= memory.bytes();
  }

  boolean isReadBefore(int[] clock) {
    return reads.stream().allMatch(read -> read.isBefore(clock));
  }

  boolean isWrittenBefore(int[] clock) {
    return lastCopy.isEmpty() || lastCopy.get().isBefore(clock);
  }
}
