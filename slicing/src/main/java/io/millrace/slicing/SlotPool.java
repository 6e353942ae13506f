package io.millrace.slicing;

import io.millrace.BadInputException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of {@link Slot}s. A worker waits here until a slot is free, so the memory of all
 * batches in flight is the number of slots times the size of a slot. Nothing else bounds the
 * pipeline.
 *
 * <p>Thread-safe. Owns the memory of its slots; {@link #close} frees it.
 */
public final class SlotPool implements AutoCloseable {
  private final int numSlots;
  private final BlockingQueue<Slot> free;
  private final AtomicInteger growths = new AtomicInteger();
  private volatile boolean closed;

  private SlotPool(int numSlots, long slotBytes, SlotMemory memory) {
    this.numSlots = numSlots;
    free = new ArrayBlockingQueue<>(numSlots);
    try {
      for (int i = 0; i < numSlots; i++) {
        free.add(new Slot(this, slotBytes, memory));
      }
    } catch (Throwable t) {
      free.forEach(Slot::free);
      throw t;
    }
  }

  /** A pool of ordinary memory, for batches that stay on the host. */
  public static SlotPool of(int numSlots, long slotBytes) {
    return of(numSlots, slotBytes, SlotMemory.plain());
  }

  /**
   * @param slotBytes the initial size; a slot grows when a batch needs more
   */
  public static SlotPool of(int numSlots, long slotBytes, SlotMemory memory) {
    if (numSlots < 1 || slotBytes < 1) {
      throw BadInputException.of(
          "a pool needs at least one slot", "numSlots", numSlots, "slotBytes", slotBytes);
    }
    return new SlotPool(numSlots, slotBytes, memory);
  }

  /** Takes a slot, waiting until one is free. */
  public Slot acquire() throws InterruptedException {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    Slot slot = free.take();
    slot.setTaken(true);
    return slot;
  }

  void release(Slot slot) {
    slot.setTaken(false);
    free.add(slot);
  }

  public int numSlots() {
    return numSlots;
  }

  /** The number of slots that are not in the pool now. */
  public int outstanding() {
    return numSlots - free.size();
  }

  /** How often a slot has grown since the start. */
  public int growths() {
    return growths.get();
  }

  void countGrowth() {
    growths.incrementAndGet();
  }

  /**
   * Frees the slots.
   *
   * @throws IllegalStateException while a slot is not in the pool, because it may be in use
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (outstanding() > 0) {
      throw new IllegalStateException("slots were not released: outstanding=" + outstanding());
    }
    closed = true;
    RuntimeException failure = null;
    for (Slot slot : free) {
      try {
        slot.free();
      } catch (RuntimeException e) { // CUDA failed: the other slots are freed nevertheless
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
