package io.millrace.slicing;

import io.millrace.cuda.CudaOutOfMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A block of page-aligned memory that holds one batch, see {@link SlotLayout}.
 *
 * <p>Has one owner at a time: whoever took it from the {@link SlotPool}, or was handed it since;
 * that owner alone may touch it, and gives it back with {@link #release}, once no copy from it is
 * under way any more. So a slot that was just taken can be refilled, and its memory freed, without
 * asking the GPU. Grows when a batch needs more than it has, and never shrinks.
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

  /** Makes room for a batch; what the slot held is lost if it has to grow. */
  void ensure(long bytes) {
    if (bytes > memory.byteSize()) {
      memory = MemorySegment.NULL; // what a slot has if the system has no more
      free();
      try {
        allocate(bytes + bytes / 4);
      } catch (CudaOutOfMemoryException | OutOfMemoryError _) { // the next batch's, not this one's
        allocate(bytes);
      }
      pool.countGrowth();
    }
  }

  /** Notes who has the slot: the pool, or someone outside. */
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
