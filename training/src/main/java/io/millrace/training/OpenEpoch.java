package io.millrace.training;

import io.millrace.training.metrics.Scores;
import io.millrace.transfer.EpochStats;

/**
 * What is done of an epoch of training that is under way.
 *
 * @param stats of its first batches
 * @param sums what the model made of them
 */
record OpenEpoch(EpochStats stats, Scores.Sums sums) {
  /** An epoch that has not begun. */
  static final OpenEpoch NONE = new OpenEpoch(EpochStats.NONE, Scores.Sums.NONE);
}
