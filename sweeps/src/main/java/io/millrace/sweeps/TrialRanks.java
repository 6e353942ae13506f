package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.ranks.Attempt;
import io.millrace.sweeps.schedule.TrialDecision;
import io.millrace.training.TrainerBuilder;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ranks that train a trial, from when it begins or resumes until it leaves. One thread.
 *
 * @param attempt none for a sweep of one process
 */
record TrialRanks(Optional<Attempt> attempt) {
  TrainerBuilder share(TrainerBuilder builder) {
    attempt.ifPresent(builder::collective);
    return builder;
  }

  /**
   * Whether the trial goes on, as rank 0 decides.
   *
   * @param first called on rank 0 only
   */
  TrialDecision decision(Supplier<TrialDecision> first) {
    if (attempt.isEmpty()) {
      return first.get();
    }
    Attempt ranks = attempt.get();
    byte[] own = ranks.rank() == 0 ? new byte[] {(byte) first.get().ordinal()} : new byte[0];
    return TrialDecision.values()[ranks.broadcast(own, 0)[0]];
  }

  /**
   * Ends the trial on all ranks, if that is all that an exception ends.
   *
   * @return why the trial has failed; empty if the sweep cannot go on
   */
  Optional<String> failure(RuntimeException e) {
    if (attempt.isEmpty()) {
      return e instanceof BadInputException ? Optional.of(e.getMessage()) : Optional.empty();
    }
    if (e instanceof BadInputException) {
      attempt.get().fail(e); // unless the trainer has done it
    }
    return attempt.get().failure().map(it -> it.reason());
  }
}
