package io.millrace.transfer;

import io.millrace.Internal;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.trace.PipelineTrace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets several consumers read the same batches: what one pipeline samples and slices, all of them
 * read from the same slots.
 *
 * <p>Each consumer has a {@link SharedSource}. Those that start plans of one {@link
 * BatchPlan#identity} with one fanout at about the same time read one {@code Broadcast}. Who comes
 * first waits for those that are between two plans, because they are about to start one; who comes
 * when the first batch is gone reads a broadcast of its own, as do consumers that are more than
 * {@code split} times slower or faster. So every consumer reads what it would read alone.
 *
 * <p>Thread-safe. Owns the pipelines until {@link #close}, which comes after that of the sources.
 */
@Internal
public final class SharedBatches implements AutoCloseable {
  /** How many batches the fastest consumer of a broadcast may be ahead of the slowest. */
  static final int MAX_APART = 4;

  /** The consumers whose pipelines are alike. Guarded by the {@link SharedBatches}. */
  private final class Group {
    private final List<SharedSource> members = new ArrayList<>();
    private final List<Broadcast> open = new ArrayList<>();
    private final Deque<BatchPipeline> idle = new ArrayDeque<>();
  }

  private final double split;
  private final Map<String, Group> groups = new HashMap<>();
  private long numSampled;
  private long numRead;

  /**
   * @param split the ratio of the times of a batch from which on consumers do not wait for each
   *     other
   */
  public SharedBatches(double split) {
    this.split = split;
  }

  /**
   * A consumer's source, which it closes.
   *
   * @param kind equal for pipelines that are made alike, whatever their fanout
   * @param builders makes the consumer's pipeline
   * @param trace of the consumer
   */
  public SharedSource join(
      String kind, Fanout fanout, Supplier<PipelineBuilder> builders, PipelineTrace trace) {
    SharedSource source = new SharedSource(this, kind, fanout, builders, trace);
    synchronized (this) {
      groups.computeIfAbsent(kind, _ -> new Group()).members.add(source);
    }
    return source;
  }

  /** The stream of a plan, joined or new. */
  SharedStream stream(SharedSource source, BatchPlan plan, String identity, Fanout fanout) {
    Broadcast broadcast;
    synchronized (this) {
      Group group = groups.get(source.kind());
      for (Broadcast open : group.open) {
        if (open.takes(identity, fanout) && isComparable(source, open.founder(), fanout)) {
          return enter(source, open, plan, fanout);
        }
      }
      BatchPipeline pipeline = group.idle.poll();
      broadcast =
          new Broadcast(
              this,
              source,
              identity,
              fanout,
              pipeline == null ? source.newPipeline() : pipeline,
              plan);
      group.open.add(broadcast);
      return enter(source, broadcast, plan, fanout);
    }
  }

  private SharedStream enter(
      SharedSource source, Broadcast broadcast, BatchPlan plan, Fanout fanout) {
    SharedStream stream = new SharedStream(source, broadcast, plan, fanout);
    broadcast.enter(stream);
    source.entered(stream);
    notifyAll();
    return stream;
  }

  /**
   * Whether a consumer is to come whom the broadcast should wait for: one that is between two
   * plans, or at the end of the one that the founder has read before.
   */
  synchronized boolean isAwaited(Broadcast broadcast) {
    SharedSource founder = broadcast.founder();
    return groups.get(founder.kind()).members.stream()
        .filter(it -> it.isIdle() || founder.wasWith(it))
        .anyMatch(it -> isComparable(it, founder, broadcast.fanout()));
  }

  private boolean isComparable(SharedSource one, SharedSource other, Fanout fanout) {
    double a = one.batchNanos(fanout);
    double b = other.batchNanos(fanout);
    return !(a > split * b || b > split * a); // also where one is not known
  }

  synchronized void ended(Broadcast broadcast, BatchPipeline pipeline) {
    Group group = groups.get(broadcast.founder().kind());
    group.open.remove(broadcast);
    group.idle.add(pipeline);
  }

  synchronized void left(SharedSource source) {
    groups.get(source.kind()).members.remove(source);
    notifyAll();
  }

  synchronized void sampled() {
    numSampled++;
  }

  synchronized void read() {
    numRead++;
  }

  /** Batches that were sampled for all consumers together. */
  public synchronized long numSampled() {
    return numSampled;
  }

  /** Batches that consumers have read. */
  public synchronized long numRead() {
    return numRead;
  }

  /** Slots in use, of all pipelines; 0 when no stream is open. */
  synchronized int slotsInUse() {
    return groups.values().stream()
        .flatMap(group -> group.idle.stream())
        .mapToInt(BatchPipeline::slotsInUse)
        .sum();
  }

  @Override
  public void close() {
    List<Runnable> steps = new ArrayList<>();
    synchronized (this) {
      for (Group group : groups.values()) {
        if (!group.members.isEmpty() || !group.open.isEmpty()) {
          throw new IllegalStateException("a consumer still shares batches");
        }
        group.idle.forEach(it -> steps.add(it::close));
        group.idle.clear();
      }
    }
    Shutdown.run(steps);
  }
}
