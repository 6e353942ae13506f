package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.Slot;

/**
 * Prepares whole batches, one after the other: takes a slot, claims the next number, samples,
 * slices, and delivers.
 *
 * <p>A worker takes the slot before it claims a number. The lowest claimed number therefore always
 * has a slot. The consumer waits for that number, so the pipeline cannot deadlock. One thread; the
 * scratch is kept between epochs.
 *
 * <p>Next class to read: {@link io.millrace.sampler.NeighborSampler}.
 */
final class BatchWorker {
  private final NeighborSampler sampler;
  private final Slicer slicer;

  private long sampleNanos;
  private long sliceNanos;
  private long slotWaitNanos;

  BatchWorker(NeighborSampler sampler, Slicer slicer) {
    this.sampler = sampler;
    this.slicer = slicer;
  }

  /** Returns when the epoch has no more numbers, or is stopped. */
  void run(EpochState state) throws InterruptedException {
    sampleNanos = sliceNanos = slotWaitNanos = 0;
    boolean more = true;
    while (more) {
      long begin = System.nanoTime();
      Slot slot = state.pool().acquire();
      slotWaitNanos += System.nanoTime() - begin;
      int number = state.claim();
      more = number >= 0;
      if (more) {
        prepare(state, number, slot);
      } else {
        slot.release();
      }
    }
  }

  private void prepare(EpochState state, int number, Slot slot) {
    BatchPlan epoch = state.epoch();
    String stage = "sampling";
    try {
      long begin = System.nanoTime();
      SampledBatch sampled =
          sampler.sample(epoch.seeds(number), state.fanout(), epoch.batchSeed(number));
      long middle = System.nanoTime();
      stage = "slicing";
      SlicedBatch sliced = slicer.slice(sampled, slot, epoch.number(), number);
      sampleNanos += middle - begin;
      sliceNanos += System.nanoTime() - middle;
      state.deliver(number, new EpochState.Ready(sliced));
    } catch (Throwable cause) {
      state.fail(number, new EpochState.Failed(stage, cause));
      slot.release();
    }
  }

  long sampleNanos() {
    return sampleNanos;
  }

  long sliceNanos() {
    return sliceNanos;
  }

  long slotWaitNanos() {
    return slotWaitNanos;
  }
}
