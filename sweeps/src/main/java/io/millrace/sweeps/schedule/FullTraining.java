package io.millrace.sweeps.schedule;

import io.millrace.Require;
import java.util.OptionalInt;

/**
 * Every trial trains all epochs. With settings that are drawn at random this is random search, with
 * those of a grid the search of the whole grid.
 */
public final class FullTraining implements TrialScheduler {
  private final int maxEpochs;
  private final TrialQueue queue;

  /**
   * @param numTrials of the sweep
   * @throws io.millrace.BadInputException if a number is below 1
   */
  public FullTraining(int maxEpochs, int numTrials) {
    this.maxEpochs = Require.positive("maxEpochs", maxEpochs);
    queue = new TrialQueue(Require.positive("trials", numTrials));
  }

  @Override
  public OptionalInt next() {
    return queue.begin();
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    queue.requireRunning(trial);
    if (epoch < maxEpochs && !Double.isNaN(score)) {
      return TrialDecision.CONTINUE;
    }
    queue.leave(trial);
    return TrialDecision.STOP;
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return maxEpochs;
  }

  @Override
  public boolean isDone() {
    return queue.isDone();
  }
}
