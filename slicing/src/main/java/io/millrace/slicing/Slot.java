package io.millrace.slicing;

import io.millrace.cuda.CudaOutOfMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A block of page-aligned memory that holds one batch, see {@link SlotLayout}.
 *
 * <p>A slot has one owner at a time, first the thread that took it from the {@link SlotPool}. Only
 * the owner may touch it; it may pass the slot on, and the last owner returns it with {@link
 * #release} when no copy reads from it any more. A slot that was just taken can therefore be
 * refilled, or freed, without asking the GPU. A slot grows when a batch needs more memory, and
 * never shrinks.
 */
public final class Slot {
  static final long PAGE_BYTES = 4096;

  private final SlotPool pool;
  private final SlotMemory source;
  private Arena arena;
  private MemorySegment memory;
  private boolean taken;

  Slot(SlotPool pool, long bytes, SlotMemory source) {
    this.pool = pool;
    this.source = source;
    allocate(bytes);
  }

  /** All of the slot's memory. */
  public MemorySegment memory() {
    return memory;
  }

  /** Gives the slot back to its pool. */
  public void release() {
    pool.release(this);
  }

  /** Makes room for a batch. If the slot has to grow, its content is lost. */
  void ensure(long bytes) {
    if (bytes > memory.byteSize()) {
      memory = MemorySegment.NULL; // stays so if the allocation fails
      free();
      try {
        allocate(bytes + bytes / 4);
      } catch (CudaOutOfMemoryException
          | OutOfMemoryError _) { // no memory for the headroom of 25 %
        allocate(bytes);
      }
      pool.countGrowth();
    }
  }

  /** Notes whether the slot is outside the pool. */
  void setTaken(boolean nowTaken) {
    if (taken == nowTaken) {
      throw new IllegalStateException(taken ? "slot was taken twice" : "slot was released twice");
    }
    taken = nowTaken;
  }

  void free() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private void allocate(long bytes) {
    long pageBytes = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    Arena larger = Arena.ofShared();
    try {
      memory = source.allocate(pageBytes, larger);
      arena = larger;
    } catch (Throwable t) {
      larger.close();
      throw t;
    }
  }
}
