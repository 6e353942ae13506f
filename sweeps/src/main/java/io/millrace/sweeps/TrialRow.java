package io.millrace.sweeps;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a trial is: a row of a sweep's table. Immutable.
 *
 * @param epochs that its weights have been trained, those before a copy included
 * @param bestEpoch after which the validation was best, from 1; 0 before the first
 * @param valid the metric after that epoch
 * @param score the same, the higher the better
 * @param seconds that its own epochs took
 * @param error why it failed
 */
public record TrialRow(
    Trial trial,
    State state,
    int epochs,
    int bestEpoch,
    OptionalDouble valid,
    double score,
    double seconds,
    Optional<String> error) {
  /** Where a trial is. */
  public enum State {
    /** It trains. */
    RUNNING,
    /** It may resume. */
    PAUSED,
    /** It was stopped before the last epoch. */
    STOPPED,
    /** It has trained all epochs. */
    COMPLETE,
    /** It could not train on. */
    FAILED
  }

  static TrialRow begun(Trial trial) {
    return new TrialRow(
        trial,
        State.RUNNING,
        0,
        0,
        OptionalDouble.empty(),
        Double.NEGATIVE_INFINITY,
        0,
        Optional.empty());
  }

  TrialRow in(State next) {
    return new TrialRow(trial, next, epochs, bestEpoch, valid, score, seconds, error);
  }

  TrialRow reported(SweepEvent.Reported it, State next) {
    boolean better = bestEpoch == 0 || it.score() > score;
    return new TrialRow(
        trial,
        next,
        it.epoch(),
        better ? it.epoch() : bestEpoch,
        better ? OptionalDouble.of(it.valid()) : valid,
        better ? it.score() : score,
        seconds + it.seconds(),
        error);
  }

  TrialRow failed(String reason) {
    return new TrialRow(
        trial, State.FAILED, epochs, bestEpoch, valid, score, seconds, Optional.of(reason));
  }

  /** With the weights of another. */
  TrialRow copied(Trial changed, TrialRow from) {
    return new TrialRow(
        changed,
        State.PAUSED,
        from.epochs,
        from.bestEpoch,
        from.valid,
        from.score,
        seconds,
        Optional.empty());
  }
}
