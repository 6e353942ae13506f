package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.KeptBatches;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotPool;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the workers and the consumer of one epoch share: the next number to claim, the ring, the
 * stop flag, and the workers that still run: they may come and go. Thread-safe.
 */
final class EpochState {
  /** The result of a worker for a number. */
  sealed interface Outcome permits Ready, Failed {}

  record Ready(SlicedBatch batch) implements Outcome {}

  record Failed(String stage, Throwable cause) implements Outcome {}

  private final BatchPlan epoch;
  private final Fanout fanout;
  private final SlotPool pool;
  private final Optional<KeptBatches> kept;
  private final OrderedRing<Outcome> ring;
  private final AtomicInteger nextNumber;

  /** Guarded by this. */
  private final Set<BatchWorker> running = new HashSet<>();

  private volatile int numWorkers;
  private volatile boolean stopped;

  EpochState(
      BatchPlan epoch, int firstNumber, Fanout fanout, SlotPool pool, Optional<KeptBatches> kept) {
    this.epoch = epoch;
    this.fanout = fanout;
    this.pool = pool;
    this.kept = kept;
    this.nextNumber = new AtomicInteger(firstNumber);
    this.ring = new OrderedRing<>(pool.mostSlots());
  }

  BatchPlan epoch() {
    return epoch;
  }

  Fanout fanout() {
    return fanout;
  }

  SlotPool pool() {
    return pool;
  }

  /** Batches that need not be sampled, if the epoch is the same each time. */
  Optional<KeptBatches> kept() {
    return kept;
  }

  /**
   * The next number that no worker has claimed, or -1 if there is none, the epoch was stopped, or
   * there are to be fewer workers.
   */
  int claim(BatchWorker worker) {
    if (!wants(worker)) {
      return -1;
    }
    int number = nextNumber.getAndIncrement();
    return number < epoch.numBatches() ? number : -1;
  }

  void deliver(int number, Outcome outcome) {
    ring.put(number, outcome);
  }

  /**
   * Stops the epoch before the slot of the failed batch is released, so that no later number takes
   * its place in the ring.
   */
  void fail(int number, Failed failure) {
    stopped = true;
    deliver(number, failure);
  }

  void stop() {
    stopped = true;
  }

  OrderedRing<Outcome> ring() {
    return ring;
  }

  /** From now on the workers of these many lowest indices claim numbers. */
  void admit(int number) {
    numWorkers = number;
  }

  private boolean wants(BatchWorker worker) {
    return worker.index() < numWorkers && !stopped && nextNumber.get() < epoch.numBatches();
  }

  /**
   * Called before a worker is started.
   *
   * @return false if it has not left yet, and so will continue by itself
   */
  synchronized boolean join(BatchWorker worker) {
    return running.add(worker);
  }

  /**
   * Called by a worker that got no number. It is its last call, unless it was admitted again
   * meanwhile.
   *
   * @return false if it is to continue
   */
  synchronized boolean leave(BatchWorker worker) {
    return !wants(worker) && remove(worker);
  }

  /** The last call of a worker that fails. */
  synchronized boolean remove(BatchWorker worker) {
    notifyAll();
    return running.remove(worker);
  }

  /** Whether all workers have ended: no more items will arrive in the ring. */
  synchronized boolean isAbandoned() {
    return running.isEmpty();
  }

  /**
   * Waits, after {@link #stop}, until no worker uses a slot any more. Batches that they finish
   * meanwhile are dropped and their slots released, because a worker may be waiting for a slot.
   */
  synchronized void awaitWorkers() {
    boolean interrupted = false;
    for (emptyRing(); !running.isEmpty(); emptyRing()) {
      try {
        wait(1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void emptyRing() {
    for (int place = 0; place < pool.mostSlots(); place++) {
      if (ring.poll(place) instanceof Ready(SlicedBatch batch)) {
        batch.slot().release();
      }
    }
  }
}
