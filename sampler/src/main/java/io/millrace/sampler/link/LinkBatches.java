package io.millrace.sampler.link;

import io.millrace.sampler.BatchPlan;

/** Batches whose seeds are the ends of links. Immutable; all threads share it. */
public interface LinkBatches extends BatchPlan {
  /** The pairs of a batch, the same each time. */
  LinkSeeds links(int batch);

  @Override
  default int[] seeds(int batch) {
    return links(batch).seeds();
  }
}
