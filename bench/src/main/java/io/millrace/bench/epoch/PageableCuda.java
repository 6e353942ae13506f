package io.millrace.bench.epoch;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.ForwardingCuda;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A GPU whose batches are copied from memory that is not page-locked, as by a program that does not
 * care: CUDA copies it piece by piece through page-locked memory of its own, while the host waits.
 * Thread-safe.
 */
final class PageableCuda extends ForwardingCuda {
  private final Map<Long, Arena> arenas = new ConcurrentHashMap<>();

  PageableCuda(Cuda next) {
    super(next);
  }

  @Override
  public MemorySegment hostAlloc(long bytes) {
    Arena arena = Arena.ofShared();
    MemorySegment memory = arena.allocate(bytes, 4096);
    arenas.put(memory.address(), arena);
    return memory;
  }

  @Override
  public void hostFree(MemorySegment memory) {
    arenas.remove(memory.address()).close();
  }
}
