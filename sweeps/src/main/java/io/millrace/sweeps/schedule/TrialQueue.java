package io.millrace.sweeps.schedule;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/** The trials that have not begun, in order, and those that are with a worker. */
final class TrialQueue {
  private final int numTrials;
  private final Set<Integer> running = new HashSet<>();
  private int begun;

  TrialQueue(int numTrials) {
    this.numTrials = numTrials;
  }

  int numTrials() {
    return numTrials;
  }

  /** Whether every trial has begun. */
  boolean allBegun() {
    return begun == numTrials;
  }

  /** The next new trial, which is then running. */
  OptionalInt begin() {
    return allBegun() ? OptionalInt.empty() : OptionalInt.of(resume(begun++));
  }

  int resume(int trial) {
    running.add(trial);
    return trial;
  }

  void leave(int trial) {
    running.remove(trial);
  }

  boolean isIdle() {
    return running.isEmpty();
  }

  boolean isDone() {
    return allBegun() && isIdle();
  }

  void requireRunning(int trial) {
    if (!running.contains(trial)) {
      throw new IllegalStateException("trial is with no worker: trial=" + trial);
    }
  }
}
