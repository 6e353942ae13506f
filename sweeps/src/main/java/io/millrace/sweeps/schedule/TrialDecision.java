package io.millrace.sweeps.schedule;

/** What becomes of a trial after an epoch. */
public enum TrialDecision {
  /** It trains another epoch at once. */
  CONTINUE,
  /** It leaves its worker, and may resume later. */
  PAUSE,
  /** It has ended: it was too bad, has failed, or has trained all epochs. */
  STOP
}
