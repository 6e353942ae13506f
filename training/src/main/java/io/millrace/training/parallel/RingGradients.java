package io.millrace.training.parallel;

import io.millrace.ranks.Collective;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import java.lang.foreign.Arena;

/**
 * Adds up the gradients of all ranks over a ring: each rank's virtual nodes are added in the
 * network as in a training of one process, and at the end of the step the ranks' sums. Owns the
 * memory of one gradient.
 */
final class RingGradients implements GradientSync {
  private final Collective collective;
  private final Network network;
  private final Arena arena = Arena.ofShared();
  private final OwnTime time = new OwnTime();
  private FlatGradient sum;

  RingGradients(Collective collective, Network network) {
    this.collective = collective;
    this.network = network;
    FlatGradient.define(network);
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
    if (sum == null) {
      sum = FlatGradient.of(arena, network, statistics.sums());
    }
    FlatGradient.copy(statistics.sums(), sum.statistics());
    FlatGradient.copy(FlatGradient.of(network), sum.gradients());
    collective.sum(sum.memory());
    FlatGradient.copy(sum.statistics(), statistics.sums());
    FlatGradient.copy(sum.gradients(), FlatGradient.of(network));
    update.run();
  }

  @Override
  public void catchUp(RunningStatistics statistics, Runnable update) {}

  @Override
  public double stepMillis() {
    return time.meanMillis();
  }

  @Override
  public void close() {
    if (sum != null) {
      sum.close();
    }
    arena.close();
  }
}
