package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotPool;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the workers and the consumer of one epoch share: the next number to claim, the ring, the
 * stop flag, and the number of workers that still run. Thread-safe.
 */
final class EpochState {
  /** The result of a worker for a number. */
  sealed interface Outcome permits Ready, Failed {}

  record Ready(SlicedBatch batch) implements Outcome {}

  record Failed(String stage, Throwable cause) implements Outcome {}

  private final BatchPlan epoch;
  private final Fanout fanout;
  private final SlotPool pool;
  private final OrderedRing<Outcome> ring;
  private final AtomicInteger nextNumber;
  private final CountDownLatch workersDone;
  private volatile boolean stopped;

  EpochState(BatchPlan epoch, int firstNumber, Fanout fanout, SlotPool pool, int numWorkers) {
    this.epoch = epoch;
    this.fanout = fanout;
    this.pool = pool;
    this.nextNumber = new AtomicInteger(firstNumber);
    this.ring = new OrderedRing<>(pool.numSlots());
    this.workersDone = new CountDownLatch(numWorkers);
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

  /**
   * The next number that no worker has claimed, or -1 if there is none or the epoch was stopped.
   */
  int claim() {
    if (stopped) {
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

  /** The last call of each worker. */
  void workerDone() {
    workersDone.countDown();
  }

  /** Whether all workers have ended: no more items will arrive in the ring. */
  boolean isAbandoned() {
    return workersDone.getCount() == 0;
  }

  /**
   * Waits, after {@link #stop}, until no worker uses a slot any more. Batches that they finish
   * meanwhile are dropped and their slots released, because a worker may be waiting for a slot.
   */
  void awaitWorkers() {
    boolean interrupted = false;
    for (boolean done = false; !done; ) {
      emptyRing();
      try {
        done = workersDone.await(1, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    emptyRing();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void emptyRing() {
    for (int place = 0; place < pool.numSlots(); place++) {
      if (ring.poll(place) instanceof Ready(SlicedBatch batch)) {
        batch.slot().release();
      }
    }
  }
}
