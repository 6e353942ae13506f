package io.millrace.sweeps;

import io.millrace.sweeps.schedule.TrialDecision;

/** Where the epochs of a trial are reported while it trains. One thread. */
interface EpochReports {
  /**
   * An epoch was trained.
   *
   * @param epoch from 1
   * @param valid the metric on the validation nodes
   * @param score the same, the higher the better
   * @param seconds that the training of the epoch took
   * @return whether the trial trains on
   */
  TrialDecision report(int epoch, double valid, double score, double seconds);

  /** The trial cannot train, in this epoch. */
  void failed(int epoch, String error);
}
