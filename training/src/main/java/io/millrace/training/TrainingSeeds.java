package io.millrace.training;

import io.millrace.sampler.draw.BatchRandom;

/**
 * The seeds of a training other than those of its batches, as functions of one seed. They differ
 * from each other and from the seed of every batch.
 *
 * @param seed of the training
 */
record TrainingSeeds(long seed) {
  /** In a key: no batch of an epoch and no hop of a batch has this number. */
  private static final int DROPOUT = -2;

  /** The epoch of the first weights: it has no batches, so only {@link #DROPOUT} is below it. */
  private static final int FIRST_WEIGHTS = -1;

  long firstWeights() {
    return BatchRandom.batchSeed(seed, FIRST_WEIGHTS, DROPOUT);
  }

  /** The seed of a batch's dropout and of torch's generator. */
  long dropout(int epoch, int batch) {
    return BatchRandom.key(BatchRandom.batchSeed(seed, epoch, batch), DROPOUT);
  }
}
