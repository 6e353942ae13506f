package io.millrace.sampler;

import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Optional;

/**
 * Which seeds form which batch, and the random seed of each batch.
 *
 * <p>Immutable; all threads share it. Training uses {@link EpochPlan}. To divide nodes in another
 * way, implement this interface.
 */
public interface BatchPlan {
  /** The number of the epoch; its batches carry it. */
  int number();

  /**
   * What tells this plan from all that have other batches; empty, as by default, if that is not
   * known. Plans of one identity can be read together.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /** The number of batches; they are numbered from 0. */
  int numBatches();

  /** The seeds of a batch, global ids. */
  int[] seeds(int batch);

  /** The time of each seed, for samplers that were given times; empty if there is no limit. */
  Optional<long[]> times(int batch);

  /**
   * The number that a batch carries: its own, unless the plan is a part of another one, whose
   * numbers its batches keep.
   */
  default int numberOf(int batch) {
    return batch;
  }

  /**
   * The random seed of the draws of a batch, see {@link
   * io.millrace.sampler.draw.BatchRandom#batchSeed}.
   */
  long batchSeed(int batch);

  /**
   * The edges that a batch must not use, such as those that it predicts. It is not asked for a
   * batch with {@link #times}, because those leave out what is not before the seeds.
   *
   * @param excluded is replaced; a plan without such edges calls {@link ExcludedRanks#clear}
   */
  void exclude(int batch, ExcludedRanks excluded);
}
