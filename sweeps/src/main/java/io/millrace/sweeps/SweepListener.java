package io.millrace.sweeps;

import java.util.List;

/** Is told what happens in a sweep. Called by one thread at a time, in the order of the events. */
@FunctionalInterface
public interface SweepListener {
  /** Does nothing. */
  SweepListener NONE = (_, _) -> {};

  /**
   * @param event that is in the log
   * @param ranked all trials so far, the best first
   */
  void happened(SweepEvent event, List<TrialRow> ranked);

  /**
   * The sweep resumes; called before everything else. By default nothing is done.
   *
   * @param ranked the trials that have begun, the best first
   */
  default void resumed(List<TrialRow> ranked) {}
}
