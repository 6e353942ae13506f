package io.millrace.training.parallel;

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
import java.util.List;

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
  private static final int ALIGNMENT = 64;

  private final Collective collective;
  private final Staleness staleness;
  private final NetworkGradient own;
  private final Arena arena = Arena.ofShared(); // the collective's threads read it
  private final OwnTime time = new OwnTime();

  /** Those of the present step, in the order of the virtual nodes. */
  private List<MemorySegment> present = new ArrayList<>();

  /** Those of earlier steps whose sums are not applied. */
  private final Deque<List<MemorySegment>> underWay = new ArrayDeque<>();

  private final Deque<MemorySegment> free = new ArrayDeque<>();

  private ParamStore store;
  private RunningStatistics statistics;
  private Runnable update;
  private long step;
  private int numBackward;

  OrderedGradients(Collective collective, Staleness staleness, Network network) {
    this.collective = collective;
    this.staleness = staleness;
    own = new NetworkGradient(network);
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
    present.add(free.isEmpty() ? arena.allocate(own.bytes(statistics), ALIGNMENT) : free.pop());
    own.moveStatistics(statistics, present.getLast());
  }

  @Override
  public void backwardDone() {
    own.moveGradient(present.get(numBackward++));
  }

  @Override
  public void stepDone(RunningStatistics statistics, Runnable update) {
    time.end();
    this.statistics = statistics;
    this.update = update;
    if (store == null) {
      store = ParamStore.of(collective, own.bytes(statistics), staleness, this::apply);
    }
    store.step(step);
    present.forEach(store::push);
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
    own.setFrom(sum, statistics);
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
    own.close();
    arena.close();
  }
}
