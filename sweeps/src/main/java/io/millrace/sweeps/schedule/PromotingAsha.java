package io.millrace.sweeps.schedule;

import io.millrace.Require;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Asynchronous successive halving in its promotion form, as the paper has it: a trial is paused at
 * each rung. A free worker looks from the top rung down for a trial that is among the best ⌊n/η⌋ of
 * the n at its rung and was not promoted from there yet, and resumes it; where there is none, it
 * begins a new trial. No worker waits while there is a new trial. How many are promoted from a rung
 * may exceed ⌊n/η⌋, because the best of few may be overtaken later. A trial that has failed is
 * never promoted.
 *
 * <p>Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2.
 */
public final class PromotingAsha implements TrialScheduler {
  private final Rungs rungs;
  private final TrialQueue queue;
  private final List<Rung> recorded = new ArrayList<>();
  private final List<Set<Integer>> promoted = new ArrayList<>();

  /**
   * @param numTrials of the sweep
   * @throws io.millrace.BadInputException if it is below 1
   */
  public PromotingAsha(Rungs rungs, int numTrials) {
    this.rungs = rungs;
    queue = new TrialQueue(Require.positive("trials", numTrials));
    for (int k = 0; k < rungs.number(); k++) {
      recorded.add(new Rung());
      promoted.add(new HashSet<>());
    }
  }

  @Override
  public OptionalInt next() {
    for (int k = rungs.number() - 1; k >= 0; k--) {
      OptionalInt best = promotable(k);
      if (best.isPresent()) {
        promoted.get(k).add(best.getAsInt());
        queue.resume(best.getAsInt());
        return best;
      }
    }
    return queue.begin();
  }

  private OptionalInt promotable(int k) {
    if (!rungs.goesOn(k)) {
      return OptionalInt.empty();
    }
    Rung rung = recorded.get(k);
    return rung.best(rung.size() / rungs.eta()).stream()
        .filter(it -> !promoted.get(k).contains(it))
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    queue.requireRunning(trial);
    int rung = Double.isNaN(score) ? rungs.atOrAfter(epoch) : rungs.at(epoch);
    if (rung >= 0) {
      recorded.get(rung).record(trial, score);
    }
    if (Double.isNaN(score) || epoch >= rungs.maxEpochs()) {
      queue.leave(trial);
      return TrialDecision.STOP;
    }
    if (rung < 0) {
      return TrialDecision.CONTINUE;
    }
    queue.leave(trial);
    return TrialDecision.PAUSE;
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return rungs.levelAfter(epoch);
  }

  @Override
  public boolean isDone() {
    for (int k = 0; k < rungs.number(); k++) {
      if (promotable(k).isPresent()) {
        return false;
      }
    }
    return queue.isDone();
  }
}
