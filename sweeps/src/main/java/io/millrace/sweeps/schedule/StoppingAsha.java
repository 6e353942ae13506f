package io.millrace.sweeps.schedule;

import io.millrace.Require;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Asynchronous successive halving in its stopping form, as Ray Tune has it: a trial trains until,
 * at a rung, its score is below the (1 − 1/η) quantile of the scores recorded there, its own
 * included. No trial waits and none is resumed. The first η − 1 trials of a rung go on, because
 * there is nothing to compare them with. If each trial is better than those before, none is
 * stopped: the order of trials should be random, and is in a {@code SearchSpace}.
 *
 * <p>Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020.
 */
public final class StoppingAsha implements TrialScheduler {
  private final Rungs rungs;
  private final Rung[] recorded;
  private final TrialQueue queue;

  /**
   * @param numTrials of the sweep
   * @throws io.millrace.BadInputException if it is below 1
   */
  public StoppingAsha(Rungs rungs, int numTrials) {
    this.rungs = rungs;
    recorded = IntStream.range(0, rungs.number()).mapToObj(_ -> new Rung()).toArray(Rung[]::new);
    queue = new TrialQueue(Require.positive("trials", numTrials));
  }

  @Override
  public OptionalInt next() {
    return queue.begin();
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    queue.requireRunning(trial);
    boolean stops = Double.isNaN(score) || epoch >= rungs.maxEpochs();
    int rung = Double.isNaN(score) ? rungs.atOrAfter(epoch) : rungs.at(epoch);
    if (rung >= 0) {
      recorded[rung].record(trial, score);
      double share = 1 - 1.0 / rungs.eta();
      stops |= recorded[rung].size() >= rungs.eta() && score < recorded[rung].quantile(share);
    }
    if (!stops) {
      return TrialDecision.CONTINUE;
    }
    queue.leave(trial);
    return TrialDecision.STOP;
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return rungs.levelAfter(epoch);
  }

  @Override
  public boolean isDone() {
    return queue.isDone();
  }
}
