package io.millrace.sampler;

/**
 * Which seeds form which batch, and the random seed of each: what a pipeline works off.
 *
 * <p>Immutable; all threads share it. Training has {@link EpochPlan}; whoever divides nodes in
 * another way brings a plan of their own.
 */
public interface BatchPlan {
  /** The number of the epoch, which its batches carry. */
  int number();

  /** Batches, numbered from 0. */
  int numBatches();

  /** The seeds of a batch, global ids. */
  int[] seeds(int batch);

  /** What the draws of a batch depend on, see {@link BatchRandom#batchSeed}. */
  long batchSeed(int batch);
}
