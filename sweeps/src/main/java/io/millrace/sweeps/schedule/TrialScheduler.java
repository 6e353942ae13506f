package io.millrace.sweeps.schedule;

import java.util.List;
import java.util.OptionalInt;

/**
 * Decides which trial of a sweep trains next, and after each epoch whether it carries on.
 *
 * <p>A state machine: its decisions follow from the order of the calls, its settings and its seed
 * alone, never from a clock. So the calls of a sweep that was killed, made again in their order,
 * lead to the same state. Trials are numbered from 0; a trial that {@link #next} has given is with
 * its worker until {@link #report} answers {@link TrialDecision#PAUSE} or {@link
 * TrialDecision#STOP}. One thread at a time.
 */
public interface TrialScheduler {
  /**
   * The trial that a free worker trains: a new one, which begins at epoch 0, or one that was paused
   * and resumes where it was. Empty if there is none now; there may be after the next report.
   */
  OptionalInt next();

  /**
   * Records an epoch of a trial that is with a worker.
   *
   * @param epoch that it has trained, from 1; one more than in its report before
   * @param score of its present weights, the higher the better; NaN if it has failed, which is the
   *     worst score of all and stops it
   */
  TrialDecision report(int trial, int epoch, double score);

  /**
   * The epoch at the end of which a trial may leave its worker next; a trial that fails leaves at
   * any. Up to there {@link #report} answers {@link TrialDecision#CONTINUE}, so a worker may train
   * these epochs before it reports the first.
   *
   * @param epoch that the trial, which is with a worker, has trained
   */
  int nextStop(int trial, int epoch);

  /** Whether no trial trains any more, now or later; true only while none is with a worker. */
  boolean isDone();

  /**
   * Trials that continue as copies of others, since the last call. The sweep carries them out
   * before it asks for the next trial; all of them, and those that they copy, are paused. By
   * default there are none.
   */
  default List<TrialCopy> takeCopies() {
    return List.of();
  }
}
