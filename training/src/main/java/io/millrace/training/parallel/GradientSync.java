package io.millrace.training.parallel;

import io.millrace.Internal;
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
        public void forwardDone(RunningStatistics statistics) {}

        @Override
        public void backwardDone() {}

        @Override
        public void stepDone(RunningStatistics statistics) {}

        @Override
        public void close() {}
      };

  static GradientSync of(Ranks ranks, Network network) {
    if (ranks.isAlone()) {
      return NONE;
    }
    return switch (ranks.sum()) {
      case ORDERED -> new OrderedGradients(ranks.collective(), network);
      case RING -> new RingGradients(ranks.collective(), network);
    };
  }

  /** A virtual node with labels went forward, and its statistics were added. */
  void forwardDone(RunningStatistics statistics);

  /** The next of these virtual nodes went backward. */
  void backwardDone();

  /**
   * All virtual nodes of the step that are this rank's are done. Afterwards gradients and
   * statistics are those of the whole step. Called once in every step that has a label on any rank.
   */
  void stepDone(RunningStatistics statistics);

  @Override
  void close();
}
