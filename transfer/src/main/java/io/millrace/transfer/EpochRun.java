package io.millrace.transfer;

import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.PinnedPool;
import io.millrace.slicing.SlicedBatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the workers and the consumer of one epoch share: the numbers still to claim, the ring, and
 * the sign to stop.
 */
final class EpochRun {
  /** What a worker made of a number. */
  sealed interface Outcome permits Ready, Failed {}

  record Ready(SlicedBatch batch) implements Outcome {}

  record Failed(String stage, Throwable cause) implements Outcome {}

  private final EpochPlan.Epoch epoch;
  private final Fanout fanout;
  private final PinnedPool pool;
  private final OrderedRing<Outcome> ring;
  private final AtomicInteger nextNumber;
  private volatile boolean stopped;

  EpochRun(EpochPlan.Epoch epoch, int firstNumber, Fanout fanout, PinnedPool pool) {
    this.epoch = epoch;
    this.fanout = fanout;
    this.pool = pool;
    this.nextNumber = new AtomicInteger(firstNumber);
    this.ring = new OrderedRing<>(pool.numSlots());
  }

  EpochPlan.Epoch epoch() {
    return epoch;
  }

  Fanout fanout() {
    return fanout;
  }

  PinnedPool pool() {
    return pool;
  }

  /**
   * The next number that nobody prepares yet, or -1 if there is none, or if the epoch was stopped.
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
   * Stops the epoch before the failed batch's slot goes back, so that no new number comes round to
   * its place.
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
}
