package io.millrace.training.parallel;

import io.millrace.Internal;
import io.millrace.ranks.RankSum;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;

/**
 * What happens to the gradients of a step between its backward passes and the optimizer: with
 * several ranks, they are added up here. Used by the trainer's thread.
 */
@Internal
public interface GradientSync extends AutoCloseable {
  /** For a training of one process: the gradients are where they should be. */
  GradientSync NONE =
      new GradientSync() {
        @Override
        public void beginStep(long number) {}

        @Override
        public void forwardDone(RunningStatistics statistics) {}

        @Override
        public void backwardDone() {}

        @Override
        public void stepDone(RunningStatistics statistics, Runnable update) {
          update.run();
        }

        @Override
        public void catchUp(RunningStatistics statistics, Runnable update) {}

        @Override
        public double stepMillis() {
          return 0;
        }

        @Override
        public void close() {}
      };

  static GradientSync of(Ranks ranks, Network network) {
    if (ranks.isAlone()) {
      return NONE;
    }
    boolean inOrder = ranks.sum() == RankSum.ORDERED;
    boolean others = ranks.collective().size() > 1 || ranks.staleness().isStale();
    return inOrder && others
        ? new OrderedGradients(ranks.collective(), ranks.staleness(), network)
        : new RingGradients(ranks.collective(), network); // one rank adds in order by itself
  }

  /**
   * A step begins.
   *
   * @param number that the messages of ranks name
   */
  void beginStep(long number);

  /** A virtual node with labels went forward, and its statistics were added. */
  void forwardDone(RunningStatistics statistics);

  /** The next of these virtual nodes went backward. */
  void backwardDone();

  /**
   * All virtual nodes of the step that are this rank's are done. Called once in every step that has
   * a label on any rank. Without staleness the update is run once, for this step; with staleness,
   * for each earlier step whose sum the next step must see.
   *
   * @param statistics receives those of a whole step, as the network receives its gradients
   * @param update moves the weights by gradients and statistics
   */
  void stepDone(RunningStatistics statistics, Runnable update);

  /**
   * Runs the update for the steps that are done and have none yet, so that all ranks have the same
   * weights. All ranks call it together, before they do anything else together.
   *
   * @param statistics as for {@link #stepDone}
   */
  void catchUp(RunningStatistics statistics, Runnable update);

  /**
   * Mean time that this rank has taken for its part of a step, without waiting for others; 0 before
   * the first step.
   */
  double stepMillis();

  @Override
  void close();
}
