package io.millrace.datasets.npy;

import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** An array whose length is known only when its last elements are appended. */
@Internal
public interface ArrayAppender {
  /** Appends elements, little-endian; one thread at a time. */
  void append(MemorySegment elements) throws IOException;

  /** Appends to memory that is large enough. */
  final class InMemory implements ArrayAppender {
    private final MemorySegment memory;
    private long bytes;

    public InMemory(MemorySegment memory) {
      this.memory = memory;
    }

    @Override
    public void append(MemorySegment elements) {
      memory.asSlice(bytes, elements.byteSize()).copyFrom(elements);
      bytes += elements.byteSize();
    }

    /** The elements appended so far. */
    public MemorySegment elements() {
      return memory.asSlice(0, bytes);
    }
  }
}
