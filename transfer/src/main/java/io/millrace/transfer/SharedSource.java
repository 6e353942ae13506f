package io.millrace.transfer;

import io.millrace.Internal;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.KeptBatches;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Track;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The source of one of the consumers that share batches. Plans without an identity, and plans whose
 * first part is done, come from a pipeline of its own.
 *
 * <p>Used by the consumer's thread; comes from {@link SharedBatches#join}. What the {@link
 * SharedBatches} ask of it is guarded by them.
 */
@Internal
public final class SharedSource implements BatchSource {
  private final SharedBatches shared;
  private final String kind;
  private final Fanout fanout;
  private final Supplier<PipelineBuilder> builders;
  private final PipelineTrace trace;
  private final Map<Fanout, Double> batchNanos = new HashMap<>();
  private Optional<BatchPipeline> own = Optional.empty();
  private Optional<SharedStream> current = Optional.empty();
  private Optional<Broadcast> before = Optional.empty();
  private boolean closed;

  SharedSource(
      SharedBatches shared,
      String kind,
      Fanout fanout,
      Supplier<PipelineBuilder> builders,
      PipelineTrace trace) {
    this.shared = shared;
    this.kind = kind;
    this.fanout = fanout;
    this.builders = builders;
    this.trace = trace;
  }

  @Override
  public BatchStream start(BatchPlan plan) {
    return start(plan, fanout);
  }

  @Override
  public BatchStream start(BatchPlan plan, Fanout chosen) {
    Optional<String> identity = plan.identity();
    return identity.isPresent()
        ? shared.stream(this, plan, identity.get(), chosen)
        : own().start(plan, chosen);
  }

  /** From a pipeline of its own, because what is kept is one consumer's. */
  @Override
  public BatchStream start(BatchPlan plan, Fanout chosen, KeptBatches kept) {
    return own().start(plan, chosen, kept);
  }

  @Override
  public BatchStream resume(BatchPlan plan, EpochStats before) {
    return before.numBatches() == 0 && plan.identity().isPresent()
        ? start(plan)
        : own().resume(plan, before);
  }

  private BatchPipeline own() {
    if (own.isEmpty()) {
      own = Optional.of(builders.get().trace(trace).build());
    }
    return own.get();
  }

  /** With room for what readers that are apart hold. */
  BatchPipeline newPipeline() {
    PipelineBuilder builder = builders.get();
    int slots = builder.fewestSlots() + SharedBatches.MAX_APART + builder.numWorkers();
    return builder.slots(slots).build();
  }

  void read() {
    shared.read();
  }

  Track consumer() {
    return trace.consumer();
  }

  int numHeld() {
    return builders.get().fewestSlots();
  }

  String kind() {
    return kind;
  }

  /** Whether it reads no plan now. */
  boolean isIdle() {
    return current.isEmpty();
  }

  /** Whether another one still reads what this one has read before. */
  boolean wasWith(SharedSource other) {
    return before.isPresent() && other.current.map(SharedStream::broadcast).equals(before);
  }

  /** What it took for a batch of this fanout, waiting left out; NaN if that is not known. */
  double batchNanos(Fanout chosen) {
    return batchNanos.getOrDefault(chosen, Double.NaN);
  }

  void entered(SharedStream stream) {
    if (closed || current.isPresent()) {
      throw new IllegalStateException(
          closed ? "the source is closed" : "a plan is under way: close it first");
    }
    current = Optional.of(stream);
  }

  void left(Fanout chosen, double nanos) {
    synchronized (shared) {
      ended(chosen, nanos);
      shared.notifyAll();
    }
  }

  private void ended(Fanout chosen, double nanos) {
    batchNanos.put(chosen, nanos);
    before = current.map(SharedStream::broadcast);
    current = Optional.empty();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    current.ifPresent(SharedStream::close);
    closed = true;
    shared.left(this);
    own.ifPresent(BatchPipeline::close);
  }
}
