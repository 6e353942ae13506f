package io.millrace.sweeps.schedule;

import io.millrace.Require;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;

/**
 * Synchronous successive halving: all trials train to the first rung; once the last has arrived,
 * the best ⌊n/η⌋ of the n, at least one, go on to the next. Workers that find no trial wait.
 *
 * <p>Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter
 * optimization", AISTATS 2016.
 */
public final class SuccessiveHalving implements TrialScheduler {
  private final Rungs rungs;
  private final TrialQueue queue;
  private final Queue<Integer> survivors = new ArrayDeque<>();
  private Rung recorded = new Rung();
  private int expected;

  /** Where the trials are compared next; beyond the last one they train to the end. */
  private int rung;

  /**
   * @param numTrials of the sweep
   * @throws io.millrace.BadInputException if it is below 1
   */
  public SuccessiveHalving(Rungs rungs, int numTrials) {
    this.rungs = rungs;
    queue = new TrialQueue(Require.positive("trials", numTrials));
    expected = numTrials;
  }

  @Override
  public OptionalInt next() {
    return survivors.isEmpty() ? queue.begin() : OptionalInt.of(queue.resume(survivors.remove()));
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    queue.requireRunning(trial);
    boolean ends = Double.isNaN(score) || epoch >= rungs.maxEpochs();
    if (!ends && rungs.at(epoch) < 0) {
      return TrialDecision.CONTINUE;
    }
    queue.leave(trial);
    if (rung < rungs.number() && rungs.goesOn(rung)) {
      record(trial, score);
    }
    return ends ? TrialDecision.STOP : TrialDecision.PAUSE;
  }

  private void record(int trial, double score) {
    recorded.record(trial, score);
    if (recorded.size() == expected) {
      List<Integer> best = recorded.best(Math.max(1, expected / rungs.eta()));
      survivors.addAll(best);
      expected = best.size();
      recorded = new Rung();
      rung++;
    }
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return rungs.levelAfter(epoch);
  }

  @Override
  public boolean isDone() {
    return survivors.isEmpty() && queue.isDone();
  }
}
