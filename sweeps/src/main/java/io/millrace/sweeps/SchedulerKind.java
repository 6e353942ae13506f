package io.millrace.sweeps;

/** How a sweep decides which trials go on. */
public enum SchedulerKind {
  /** Asynchronous successive halving, see {@link ScheduleOptions#promotion}. */
  ASHA,
  /** Synchronous successive halving. */
  HALVING,
  /** All trials train all epochs. */
  RANDOM,
  /** Population-based training. */
  PBT
}
