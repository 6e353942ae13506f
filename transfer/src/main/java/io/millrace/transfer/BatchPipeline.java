package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.KeptBatches;
import io.millrace.slicing.SlotPool;
import io.millrace.slicing.disk.DiskFeatures;
import io.millrace.slicing.disk.DiskReads;
import io.millrace.transfer.trace.PipelineTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/**
 * Prepares batches ahead of the consumer, on several workers, and delivers them where the model
 * computes.
 *
 * <pre>{@code
 * BatchPlan          BatchWorker (several)                 OrderedRing      CopyEngine       the consumer
 * number, seeds  ->  slot, sample, slice  -- SlicedBatch ->  in order  ->   to the device -> DeviceBatch
 *                      ^                                                                        |
 *                      +---------------- SlotPool: a slot is free again <--------------------------+
 * }</pre>
 *
 * <p>Batches arrive in order, and are the same for any number of workers. The number of slots
 * bounds the memory; the workers wait when all slots are in use. An exception in a worker is
 * rethrown to the consumer at the batch that failed. With a GPU ({@link PipelineBuilder#device})
 * the slots are page-locked, and batches are copied to the GPU ahead of the consumer. Without a GPU
 * the consumer gets the slot itself.
 *
 * <p>Owns its threads and its slots. One epoch at a time, on the thread of one consumer.
 *
 * <p>Next class to read: {@link io.millrace.sampler.NeighborSampler}.
 */
public final class BatchPipeline implements BatchSource, PipelineSize {
  private final Fanout fanout;
  private final IntFunction<BatchWorker> newWorker;

  /** All that were made; the first {@code numWorkers} take part. */
  private final List<BatchWorker> workers = new ArrayList<>();

  private final int fewestSlots;
  private final Placement placement;
  private final SlotPool pool;

  /** Unless the caller has given a store. */
  private final Optional<FeatureStore> ownFeatures;

  private final CopyEngine engine;
  private final ExecutorService threads;
  private final PipelineTrace trace;
  private int numWorkers;
  private EpochState state;
  private EpochBatches current;
  private boolean closed;

  BatchPipeline(PipelineBuilder builder) {
    fanout = builder.fanout();
    trace = builder.trace();
    ownFeatures =
        builder.features().isPresent() ? Optional.empty() : Optional.of(builder.openFeatures());
    SlotPool slots = null;
    try {
      newWorker = builder.workers(builder.features().or(() -> ownFeatures).orElseThrow());
      fewestSlots = builder.fewestSlots();
      haveWorkers(builder.numWorkers());
      placement = builder.placement();
      slots = builder.pool(placement);
      engine = builder.engine(placement, slots.numSlots());
      pool = slots;
    } catch (Throwable t) {
      if (slots != null) {
        slots.close();
      }
      ownFeatures.ifPresent(FeatureStore::close);
      throw t;
    }
    threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("millrace-worker-", 0).daemon().factory());
  }

  /** The default number of threads that prepare batches: one for every two cores. */
  public static int defaultWorkers() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  public static PipelineBuilder builder(GraphDataset data, Fanout fanout) {
    return new PipelineBuilder(data, fanout);
  }

  @Override
  public EpochBatches start(BatchPlan plan) {
    return start(plan, fanout);
  }

  @Override
  public EpochBatches start(BatchPlan plan, Fanout fanout) {
    return start(plan, fanout, EpochStats.NONE, Optional.empty());
  }

  @Override
  public EpochBatches start(BatchPlan plan, Fanout fanout, KeptBatches kept) {
    return start(plan, fanout, EpochStats.NONE, Optional.of(kept));
  }

  @Override
  public EpochBatches resume(BatchPlan plan, EpochStats before) {
    return start(plan, fanout, before, Optional.empty());
  }

  private EpochBatches start(
      BatchPlan plan, Fanout fanout, EpochStats before, Optional<KeptBatches> kept) {
    if (closed) {
      throw new IllegalStateException("the pipeline is closed");
    }
    if (current != null && !current.closed()) {
      throw new IllegalStateException("an epoch is under way: close it first");
    }
    int firstNumber = Math.toIntExact(before.numBatches());
    state = new EpochState(plan, firstNumber, fanout, pool, kept);
    workers.forEach(BatchWorker::beginEpoch);
    current = new EpochBatches(state, before, engine, workers, trace.consumer());
    startWorkers();
    return current;
  }

  /** Those that are at work in the epoch already continue. */
  private void startWorkers() {
    EpochState epoch = state;
    epoch.admit(numWorkers);
    for (BatchWorker worker : workers.subList(0, numWorkers)) {
      if (epoch.join(worker)) {
        threads.execute(() -> work(worker, epoch));
      }
    }
  }

  private static void work(BatchWorker worker, EpochState epoch) {
    boolean left = false;
    try {
      while (!left) {
        worker.run(epoch);
        left = epoch.leave(worker);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // only shutdownNow interrupts, and nothing calls that
    } finally {
      if (!left) {
        epoch.remove(worker);
      }
    }
  }

  private void haveWorkers(int number) {
    while (workers.size() < number) {
      BatchWorker worker = newWorker.apply(workers.size());
      worker.beginEpoch();
      workers.add(worker);
    }
    numWorkers = number;
  }

  @Override
  public void resize(int workersNow, int slotsNow) {
    if (closed) {
      throw new IllegalStateException("the pipeline is closed");
    }
    Require.threads("workers", workersNow);
    if (slotsNow < fewestSlots || slotsNow > pool.mostSlots()) {
      throw BadInputException.of(
          "slots must hold the batches that are open at a time, and be at most " + pool.mostSlots(),
          "slots",
          slotsNow,
          "held",
          fewestSlots);
    }
    engine.hostSlots(slotsNow);
    pool.resize(slotsNow);
    haveWorkers(workersNow);
    if (current != null && !current.closed()) {
      startWorkers();
    }
  }

  /**
   * What was read from the file of the features, if the dataset was opened to be read on disk and
   * the caller has not given a store of its own.
   */
  public Optional<DiskReads> diskReads() {
    return ownFeatures.flatMap(DiskFeatures::reads);
  }

  /** Where the batches are delivered, and why. */
  public Placement placement() {
    return placement;
  }

  /** Where the time goes. */
  public PipelineTrace trace() {
    return trace;
  }

  @Override
  public int numWorkers() {
    return numWorkers;
  }

  @Override
  public int numSlots() {
    return pool.numSlots();
  }

  @Override
  public int fewestSlots() {
    return fewestSlots;
  }

  /** Slots on the host that hold a batch, are being filled, or are read by a copy. */
  public int slotsInUse() {
    return pool.outstanding();
  }

  /** Ends the epoch under way. Waits until the GPU, if any, has finished all batches. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Runnable> steps = new ArrayList<>();
    if (current != null) {
      steps.add(current::close);
    }
    steps.addAll(List.of(threads::shutdown, engine::close, pool::close));
    ownFeatures.ifPresent(it -> steps.add(it::close));
    Shutdown.run(steps);
  }
}
