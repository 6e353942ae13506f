package io.millrace.transfer;

import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.SlotPool;
import io.millrace.transfer.trace.PipelineTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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
public final class BatchPipeline implements BatchSource {
  private final Fanout fanout;
  private final List<BatchWorker> workers;
  private final Placement placement;
  private final SlotPool pool;
  private final CopyEngine engine;
  private final ExecutorService threads;
  private final PipelineTrace trace;
  private EpochBatches current;
  private boolean closed;

  BatchPipeline(PipelineBuilder builder) {
    fanout = builder.fanout();
    trace = builder.trace();
    workers = builder.workers();
    placement = builder.placement();
    pool = builder.pool(placement);
    try {
      engine = builder.engine(placement, pool.numSlots());
    } catch (Throwable t) {
      pool.close();
      throw t;
    }
    threads =
        Executors.newFixedThreadPool(
            workers.size(), Thread.ofPlatform().name("millrace-worker-", 0).daemon().factory());
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
    return start(plan, fanout, EpochStats.NONE);
  }

  @Override
  public EpochBatches resume(BatchPlan plan, EpochStats before) {
    return start(plan, fanout, before);
  }

  private EpochBatches start(BatchPlan plan, Fanout fanout, EpochStats before) {
    if (closed) {
      throw new IllegalStateException("the pipeline is closed");
    }
    if (current != null && !current.closed()) {
      throw new IllegalStateException("an epoch is under way: close it first");
    }
    int firstNumber = Math.toIntExact(before.numBatches());
    EpochState state = new EpochState(plan, firstNumber, fanout, pool, workers.size());
    current = new EpochBatches(state, before, engine, workers, trace.consumer());
    for (BatchWorker worker : workers) {
      threads.execute(() -> work(worker, state));
    }
    return current;
  }

  private static void work(BatchWorker worker, EpochState state) {
    try {
      worker.run(state);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // only shutdownNow interrupts, and nothing calls that
    } finally {
      state.workerDone();
    }
  }

  /** Where the batches are delivered, and why. */
  public Placement placement() {
    return placement;
  }

  /** Where the time goes. */
  public PipelineTrace trace() {
    return trace;
  }

  public int numWorkers() {
    return workers.size();
  }

  /** The largest number of batches in the host's memory at a time. */
  public int numSlots() {
    return pool.numSlots();
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
    Shutdown.run(steps);
  }
}
