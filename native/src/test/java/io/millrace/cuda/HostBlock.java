package io.millrace.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Page-locked memory of {@link RecordingCuda}, and the copies out of it. */
final class HostBlock {
  private static final long PAGE_BYTES = 4096;

  final Arena arena = Arena.ofShared();
  final MemorySegment memory;
  final List<Operation> copies = new ArrayList<>();

  HostBlock(long bytes) {
    memory = arena.allocate(bytes, PAGE_BYTES);
  }

  boolean contains(MemorySegment part) {
    long offset = part.address() - memory.address();
    return offset >= 0 && offset + part.byteSize() <= memory.byteSize();
  }
}
