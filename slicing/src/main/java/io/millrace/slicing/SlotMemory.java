package io.millrace.slicing;

import io.millrace.cuda.Cuda;
import io.millrace.datasets.platform.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The source of the memory of slots. Thread-safe. */
@FunctionalInterface
public interface SlotMemory {
  /**
   * @param arena frees the memory when it is closed; later accesses fail
   * @return memory that begins at a page
   */
  MemorySegment allocate(long bytes, Arena arena);

  /** Ordinary memory, on huge pages where there are any, for batches that stay on the host. */
  static SlotMemory plain() {
    return HugePages::allocate;
  }

  /**
   * Page-locked memory, for batches that are copied to a GPU. Allocating and freeing it is slow and
   * may wait for the GPU, so slots are few and long-lived.
   */
  @SuppressWarnings("restricted")
  static SlotMemory pageLocked(Cuda cuda) {
    return (bytes, arena) -> cuda.hostAlloc(bytes).reinterpret(arena, cuda::hostFree);
  }
}
