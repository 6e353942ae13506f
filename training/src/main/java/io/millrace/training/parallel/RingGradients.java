package io.millrace.training.parallel;

import io.millrace.ranks.Collective;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Adds up the gradients of all ranks over a ring: each rank's virtual nodes are added in the
 * network as in a training of one process, and at the end of the step the ranks' sums; if there is
 * one rank, there is nothing more to add. Owns the memory of one gradient.
 */
final class RingGradients implements GradientSync {
  private static final int ALIGNMENT = 64;

  private final Collective collective;
  private final NetworkGradient own;
  private final Arena arena = Arena.ofShared();
  private final OwnTime time = new OwnTime();
  private MemorySegment sum;

  RingGradients(Collective collective, Network network) {
    this.collective = collective;
    own = new NetworkGradient(network);
  }

  @Override
  public void beginStep(long number) {
    time.begin();
    collective.step(number);
  }

  @Override
  public void forwardDone(RunningStatistics statistics) {}

  @Override
  public void backwardDone() {}

  @Override
  public void stepDone(RunningStatistics statistics, Runnable update) {
    time.end();
    if (collective.size() > 1) {
      addOthers(statistics);
    }
    update.run();
  }

  private void addOthers(RunningStatistics statistics) {
    if (sum == null) {
      sum = arena.allocate(own.bytes(statistics), ALIGNMENT);
    }
    own.copyTo(sum, statistics);
    collective.sum(sum);
    own.setFrom(sum, statistics);
  }

  @Override
  public void catchUp(RunningStatistics statistics, Runnable update) {}

  @Override
  public double stepMillis() {
    return time.meanMillis();
  }

  @Override
  public void close() {
    own.close();
    arena.close();
  }
}
