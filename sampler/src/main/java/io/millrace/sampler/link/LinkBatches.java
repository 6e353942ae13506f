package io.millrace.sampler.link;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;

/** Batches whose seeds are the ends of links. Immutable; all threads share it. */
public interface LinkBatches extends BatchPlan {
  /** The epoch whose seeds are indices of the links. */
  EpochPlan.Epoch epoch();

  /** The pairs of a batch, the same each time. */
  LinkSeeds links(int batch);

  @Override
  default int number() {
    return epoch().number();
  }

  @Override
  default int numBatches() {
    return epoch().numBatches();
  }

  @Override
  default long batchSeed(int batch) {
    return epoch().batchSeed(batch);
  }

  @Override
  default int[] seeds(int batch) {
    return links(batch).seeds();
  }
}
