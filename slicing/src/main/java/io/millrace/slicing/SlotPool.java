package io.millrace.slicing;

import io.millrace.BadInputException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A number of {@link Slot}s. A worker waits here until a slot is free, so the memory of all batches
 * in flight is the number of slots times the size of a slot. Nothing else bounds the pipeline. The
 * number can be changed: a pool that shrinks keeps slots back.
 *
 * <p>Thread-safe. Owns the memory of its slots; {@link #close} frees it.
 */
public final class SlotPool implements AutoCloseable {
  /** The largest number of slots, unless a pool is made with more. */
  private static final int MOST_SLOTS = 1024;

  private final long slotBytes;
  private final SlotMemory memory;
  private final int mostSlots;
  private final BlockingQueue<Slot> free;

  /** Slots that are not handed out. Guarded by this. */
  private final Deque<Slot> keptBack = new ArrayDeque<>();

  /** The number of slots that there are to be. Guarded by this. */
  private int numSlots;

  /** Slots that are free or taken: more than {@code numSlots} until enough are back. By this. */
  private int numInUse;

  private final AtomicInteger growths = new AtomicInteger();
  private volatile boolean closed;

  private SlotPool(int numSlots, long slotBytes, SlotMemory memory) {
    this.slotBytes = slotBytes;
    this.memory = memory;
    mostSlots = Math.max(MOST_SLOTS, numSlots);
    free = new ArrayBlockingQueue<>(mostSlots);
    try {
      resize(numSlots);
    } catch (Throwable t) {
      free.forEach(Slot::free);
      throw t;
    }
  }

  /**
   * Changes the number of slots. New ones have the initial size. If there are to be fewer, those
   * that are taken are kept back when they are released. Does not wait.
   *
   * @param number 1 to {@link #mostSlots}
   */
  public synchronized void resize(int number) {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    if (number < 1 || number > mostSlots) {
      throw BadInputException.of(
          "a pool has at least one slot and at most " + mostSlots, "numSlots", number);
    }
    numSlots = number;
    while (numInUse < numSlots) {
      Slot more = keptBack.poll();
      free.add(more == null ? new Slot(this, slotBytes, memory) : more);
      numInUse++;
    }
    for (Slot slot = surplus(); slot != null; slot = surplus()) {
      keptBack.add(slot);
      numInUse--;
    }
  }

  /** A free slot, if there are to be fewer. */
  private Slot surplus() {
    return numInUse > numSlots ? free.poll() : null;
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

  synchronized void release(Slot slot) {
    slot.setTaken(false);
    if (numInUse > numSlots) {
      keptBack.add(slot);
      numInUse--;
    } else {
      free.add(slot);
    }
  }

  public synchronized int numSlots() {
    return numSlots;
  }

  /** The largest number that {@link #resize} accepts. */
  public int mostSlots() {
    return mostSlots;
  }

  /** The number of slots that are not in the pool now. */
  public synchronized int outstanding() {
    return numInUse - free.size();
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
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (outstanding() > 0) {
      throw new IllegalStateException("slots were not released: outstanding=" + outstanding());
    }
    closed = true;
    RuntimeException failure = null;
    keptBack.addAll(free);
    for (Slot slot : keptBack) {
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
