package io.millrace.sweeps;

import io.millrace.sweeps.schedule.TrialDecision;
import java.util.Map;
import java.util.OptionalDouble;

/** What happens in a sweep: a line of {@code trials.jsonl}. Immutable. */
public sealed interface SweepEvent {
  /**
   * The first line.
   *
   * @param settings of the sweep that its decisions depend on, by their names
   */
  record Opened(Map<String, String> settings) implements SweepEvent {}

  /**
   * A worker takes a trial.
   *
   * @param epoch that it has trained, 0 for a new one
   */
  record Began(int trial, int epoch, long seed, Map<String, String> settings)
      implements SweepEvent {}

  /**
   * A trial has trained an epoch.
   *
   * @param epoch from 1
   * @param valid the metric on the validation nodes
   * @param score the same, the higher the better
   * @param seconds that the epoch's training took
   */
  record Reported(
      int trial, int epoch, double valid, double score, double seconds, TrialDecision decision)
      implements SweepEvent {}

  /**
   * A trial cannot train.
   *
   * @param epoch in which it failed
   */
  record Failed(int trial, int epoch, String error, TrialDecision decision) implements SweepEvent {}

  /** A trial has become a copy of another, with other settings. */
  record Copied(int trial, int from, int round, Map<String, String> settings)
      implements SweepEvent {}

  /**
   * The winner was tested, by the weights of its best epoch.
   *
   * @param test the metric on the test nodes; empty if none has a label
   */
  record Tested(int trial, double valid, OptionalDouble test) implements SweepEvent {}
}
