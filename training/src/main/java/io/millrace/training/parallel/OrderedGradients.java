package io.millrace.training.parallel;

import ai.djl.ndarray.NDArray;
import io.millrace.ranks.Collective;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the gradients of all ranks in the order of the virtual nodes, so that the sum has the
 * bits that one process gives.
 *
 * <p>The gradient of each virtual node is moved out of the network into host memory, together with
 * what the node adds to the running statistics. At the end of the step {@link
 * Collective#foldInOrder} gives the sum over all ranks, which goes back into the network. Owns the
 * memory: one gradient for each virtual node of the rank and one for the sum.
 */
final class OrderedGradients implements GradientSync {
  private final Collective collective;
  private final Network network;
  private final Arena arena = Arena.ofShared();
  private final List<FlatGradient> parts = new ArrayList<>();
  private FlatGradient sum;
  private int numForward;
  private int numBackward;

  OrderedGradients(Collective collective, Network network) {
    this.collective = collective;
    this.network = network;
    FlatGradient.define(network);
  }

  @Override
  public void forwardDone(RunningStatistics statistics) {
    List<NDArray> added = statistics.sums();
    if (numForward == parts.size()) {
      parts.add(FlatGradient.of(arena, network, added));
    }
    FlatGradient.copy(added, parts.get(numForward++).statistics());
    statistics.clear();
  }

  @Override
  public void backwardDone() {
    FlatGradient.copy(FlatGradient.of(network), parts.get(numBackward++).gradients());
    network.zeroGradients();
  }

  @Override
  public void stepDone(RunningStatistics statistics) {
    if (sum == null) {
      sum = FlatGradient.of(arena, network, statistics.sums());
    }
    List<MemorySegment> own =
        parts.subList(0, numBackward).stream().map(FlatGradient::memory).toList();
    numForward = 0;
    numBackward = 0;
    collective.foldInOrder(own, sum.memory());
    FlatGradient.copy(sum.statistics(), statistics.sums());
    FlatGradient.copy(sum.gradients(), FlatGradient.of(network));
  }

  @Override
  public void close() {
    parts.forEach(FlatGradient::close);
    if (sum != null) {
      sum.close();
    }
    arena.close();
  }
}
