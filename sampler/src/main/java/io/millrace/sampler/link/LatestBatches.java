package io.millrace.sampler.link;

import io.millrace.sampler.EpochPlan;
import java.util.function.Function;

/**
 * The batches of the epoch that a plan was asked for last, so that all who ask for the same epoch
 * share them. All threads share it; a race only makes the negatives of a batch be drawn again.
 */
final class LatestBatches<B extends LinkBatches> {
  private final Function<EpochPlan.Epoch, B> newBatches;

  /** Null before the first call. */
  private volatile B latest;

  LatestBatches(Function<EpochPlan.Epoch, B> newBatches) {
    this.newBatches = newBatches;
  }

  B of(EpochPlan.Epoch epoch) {
    B batches = latest;
    if (batches == null || batches.epoch() != epoch) {
      batches = newBatches.apply(epoch);
      latest = batches;
    }
    return batches;
  }
}
