package io.millrace.training.parallel;

import ai.djl.ndarray.NDArray;
import io.millrace.ranks.Collective;
import io.millrace.ranks.params.ParamStore;
import io.millrace.ranks.params.Staleness;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.RunningStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up the gradients of all ranks in the order of the virtual nodes, so that the sum has the
 * bits that one process gives.
 *
 * <p>The gradient of each virtual node is moved out of the network into host memory, together with
 * what the node adds to the running statistics. A {@link ParamStore} gives the sums over all ranks,
 * which go back into the network: that of the step that has ended or, with staleness, those of
 * earlier steps. Owns the memory of the gradients: one for each virtual node of the rank, in each
 * step whose sum is not applied yet.
 */
final class OrderedGradients implements GradientSync {
  private final Collective collective;
  private final Staleness staleness;
  private final Network network;
  private final Arena arena = Arena.ofShared(); // the collective's threads read it
  private final OwnTime time = new OwnTime();

  /** Those of the present step, in the order of the virtual nodes. */
  private List<FlatGradient> present = new ArrayList<>();

  /** Those of earlier steps whose sums are not applied. */
  private final Deque<List<FlatGradient>> underWay = new ArrayDeque<>();

  private final Deque<FlatGradient> free = new ArrayDeque<>();

  /** The store's sums. */
  private final Map<MemorySegment, FlatGradient> sums = new HashMap<>();

  private ParamStore store;
  private RunningStatistics statistics;
  private Runnable update;
  private long step;
  private int numBackward;

  OrderedGradients(Collective collective, Staleness staleness, Network network) {
    this.collective = collective;
    this.staleness = staleness;
    this.network = network;
    FlatGradient.define(network);
  }

  @Override
  public void beginStep(long number) {
    step = number;
    time.begin();
    if (!staleness.isStale()) { // otherwise another thread may still fold an earlier step
      collective.step(number);
    }
  }

  @Override
  public void forwardDone(RunningStatistics statistics) {
    List<NDArray> added = statistics.sums();
    present.add(free.isEmpty() ? FlatGradient.of(arena, network, added) : free.pop());
    FlatGradient.copy(added, present.getLast().statistics());
    statistics.clear();
  }

  @Override
  public void backwardDone() {
    FlatGradient.copy(FlatGradient.of(network), present.get(numBackward++).gradients());
    network.zeroGradients();
  }

  @Override
  public void stepDone(RunningStatistics statistics, Runnable update) {
    time.end();
    this.statistics = statistics;
    this.update = update;
    if (store == null) {
      long bytes = FlatGradient.bytes(network, statistics.sums());
      store = ParamStore.of(collective, bytes, staleness, this::apply);
    }
    store.step(step);
    present.forEach(it -> store.push(it.memory()));
    underWay.add(present);
    present = new ArrayList<>();
    numBackward = 0;
    store.clock();
    store.pull();
  }

  @Override
  public void catchUp(RunningStatistics statistics, Runnable update) {
    this.statistics = statistics;
    this.update = update;
    if (store != null) {
      store.sync();
    }
  }

  private void apply(long clock, MemorySegment sum) {
    free.addAll(underWay.pop());
    FlatGradient flat =
        sums.computeIfAbsent(sum, it -> FlatGradient.over(it, network, statistics.sums()));
    FlatGradient.copy(flat.statistics(), statistics.sums());
    FlatGradient.copy(flat.gradients(), FlatGradient.of(network));
    update.run();
  }

  @Override
  public double stepMillis() {
    return time.meanMillis();
  }

  @Override
  public void close() {
    if (store != null) {
      store.close(); // first: it reads the memory
    }
    present.forEach(FlatGradient::close);
    underWay.forEach(it -> it.forEach(FlatGradient::close));
    free.forEach(FlatGradient::close);
    sums.values().forEach(FlatGradient::close);
    arena.close();
  }
}
