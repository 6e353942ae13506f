package io.millrace.transfer;

import io.millrace.cuda.Cuda;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.DrawMode;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.slicing.PinnedPool;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.SlotMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * From seeds to batches where the model computes, prepared ahead of the consumer by several
 * workers.
 *
 * <pre>
 *   EpochPlan          BatchWorker (several)                 OrderedRing      CopyEngine       the consumer
 *   number, seeds  ->  slot, sample, slice  -- SlicedBatch ->  in order  ->   to the device -> DeviceBatch
 *                        ^                                                                        |
 *                        +---------------- PinnedPool: a slot comes free <------------------------+
 * </pre>
 *
 * <p>Batches arrive in order, and are the same for any number of workers. Memory is bounded by the
 * number of slots; the workers wait when all are full. An exception in a worker reaches the
 * consumer at the batch where it happened. With a GPU ({@link Builder#device}) the slots are
 * page-locked and the batches are copied there ahead of the consumer; without one, they are handed
 * on as they are.
 *
 * <p>Owns its threads and its slots. One epoch at a time, on one consumer's thread. The next
 * classes to read are {@link BatchWorker} and {@link EpochBatches}.
 */
public final class BatchPipeline implements AutoCloseable {
  private final Fanout fanout;
  private final List<BatchWorker> workers;
  private final Placement placement;
  private final PinnedPool pool;
  private final CopyEngine engine;
  private final ExecutorService threads;
  private EpochBatches current;
  private boolean closed;

  private BatchPipeline(Builder builder) {
    Slicer slicer = builder.slicer();
    fanout = builder.fanout;
    workers =
        Stream.generate(builder::sampler)
            .map(sampler -> new BatchWorker(sampler, slicer))
            .limit(builder.numWorkers)
            .toList();
    placement = builder.placement.get();
    pool = builder.pool(placement);
    try {
      engine = builder.engine(placement, pool.numSlots());
    } catch (Throwable t) {
      pool.close();
      throw t;
    }
    threads =
        Executors.newFixedThreadPool(
            builder.numWorkers, Thread.ofPlatform().name("millrace-worker-", 0).daemon().factory());
  }

  public static Builder builder(GraphDataset data, Fanout fanout) {
    return new Builder(data, fanout);
  }

  /**
   * Sets the workers to an epoch, with the pipeline's own fanout. The one before must be closed.
   */
  public EpochBatches start(EpochPlan.Epoch epoch) {
    return start(epoch, fanout);
  }

  /** Sets the workers to an epoch. The one before must be closed. */
  public EpochBatches start(EpochPlan.Epoch epoch, Fanout fanout) {
    return start(epoch, fanout, EpochStats.NONE);
  }

  /**
   * Sets the workers to the rest of an epoch, with the pipeline's own fanout. The one before must
   * be closed.
   *
   * @param before what was done of it, perhaps by another pipeline: so many batches are passed
   *     over, and the figures go on from there
   */
  public EpochBatches resume(EpochPlan.Epoch epoch, EpochStats before) {
    return start(epoch, fanout, before);
  }

  private EpochBatches start(EpochPlan.Epoch epoch, Fanout fanout, EpochStats before) {
    if (closed) {
      throw new IllegalStateException("the pipeline is closed");
    }
    if (current != null && !current.closed()) {
      throw new IllegalStateException("an epoch is under way: close it first");
    }
    int firstNumber = Math.toIntExact(before.numBatches());
    EpochRun run = new EpochRun(epoch, firstNumber, fanout, pool);
    CountDownLatch workersDone = new CountDownLatch(workers.size());
    current = new EpochBatches(run, before, engine, workers, workersDone);
    for (BatchWorker worker : workers) {
      threads.execute(() -> work(worker, run, workersDone));
    }
    return current;
  }

  private static void work(BatchWorker worker, EpochRun run, CountDownLatch workersDone) {
    try {
      worker.run(run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // only shutdownNow interrupts, and nothing calls it
    } finally {
      workersDone.countDown();
    }
  }

  /** Where the batches go, and why. */
  public Placement placement() {
    return placement;
  }

  public int numWorkers() {
    return workers.size();
  }

  /** Slots on the host that hold a batch, are being filled, or that a copy is reading. */
  public int slotsInUse() {
    return pool.outstanding();
  }

  /** Ends the epoch under way; on a GPU, waits until it is done with all batches. */
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
    AllOf.run(steps);
  }

  /** The parts that have a default. */
  public static final class Builder {
    private final GraphDataset data;
    private final Fanout fanout;
    private DrawMode mode = DrawMode.WITHOUT_REPLACEMENT;
    private boolean degrees;
    private int numWorkers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private int numSlots;
    private int numDeviceSlots;
    private int numHeld = 1;
    private long slotBytes = 4 << 20;
    private Supplier<Placement> placement = () -> Placement.of(DeviceChoice.CPU);

    private Builder(GraphDataset data, Fanout fanout) {
      this.data = data;
      this.fanout = fanout;
    }

    public Builder drawMode(DrawMode value) {
      mode = value;
      return this;
    }

    /** Whether batches hold the degrees of their nodes, as some models need; not by default. */
    public Builder degrees(boolean value) {
      degrees = value;
      return this;
    }

    /** Threads that prepare batches; by default one for every two cores. */
    public Builder workers(int value) {
      numWorkers = positive("workers", value);
      return this;
    }

    /** Where the batches go; by default they stay on the host, for the CPU. */
    public Builder device(DeviceChoice value) {
      placement = () -> Placement.of(value);
      return this;
    }

    /** Batches go to a GPU that the caller opened. */
    public Builder device(Cuda value) {
      placement = () -> new Placement.Gpu(value);
      return this;
    }

    /** Batches that the consumer has open at a time; 1 by default. */
    public Builder held(int value) {
      numHeld = positive("held", value);
      return this;
    }

    /**
     * Batches on the GPU at a time: by default those that are computed on, one that is there when
     * they are done, and one on its way.
     */
    public Builder deviceSlots(int value) {
      if (value < 2) {
        throw BadInputException.of("copying needs a slot beside that in use", "deviceSlots", value);
      }
      numDeviceSlots = value;
      return this;
    }

    /**
     * Batches in the host's memory at a time. By default one for each worker, one that is ready,
     * and those that the consumer keeps busy: the ones it computes on, or on a GPU, as many as can
     * be on their way there, since their slots come back only when the next batch is asked for.
     */
    public Builder slots(int value) {
      numSlots = positive("slots", value);
      return this;
    }

    /** The size of a slot at the start, in bytes; a slot grows to what its batches need. */
    public Builder slotBytes(long value) {
      slotBytes = value;
      return this;
    }

    /**
     * @throws BadInputException if there are not as many slots as batches that are open at a time
     */
    public BatchPipeline build() {
      requireRoom("slots", numSlots);
      requireRoom("deviceSlots", numDeviceSlots);
      return new BatchPipeline(this);
    }

    private Slicer slicer() {
      Slicer slicer = Slicer.of(data);
      return degrees ? slicer.withDegrees(data.graph()) : slicer;
    }

    /** The workers' id maps together may take an eighth of the Java heap. */
    private NeighborSampler sampler() {
      return NeighborSampler.builder(data.graph(), fanout)
          .drawMode(mode)
          .idMapBudget(Runtime.getRuntime().maxMemory() / 8 / numWorkers)
          .build();
    }

    private PinnedPool pool(Placement chosen) {
      return switch (chosen) {
        case Placement.Cpu _ -> PinnedPool.of(numSlots(numHeld), slotBytes);
        case Placement.Gpu(Cuda cuda) ->
            PinnedPool.of(numSlots(numDeviceSlots()), slotBytes, SlotMemory.pageLocked(cuda));
      };
    }

    private CopyEngine engine(Placement chosen, int numPinnedSlots) {
      return switch (chosen) {
        case Placement.Cpu _ -> new HostCopyEngine(numPinnedSlots);
        case Placement.Gpu(Cuda cuda) ->
            new CudaCopyEngine(cuda, numPinnedSlots, numDeviceSlots(), slotBytes);
      };
    }

    private void requireRoom(String name, int chosen) {
      if (chosen != 0 && chosen < numHeld) {
        throw BadInputException.of(
            "slots must hold the batches that are open at a time", name, chosen, "held", numHeld);
      }
    }

    private int numDeviceSlots() {
      return numDeviceSlots == 0 ? numHeld + 2 : numDeviceSlots;
    }

    private int numSlots(int withConsumer) {
      return numSlots == 0 ? numWorkers + 1 + withConsumer : numSlots;
    }

    private static int positive(String name, int value) {
      if (value < 1) {
        throw BadInputException.of(name + " must be positive", name, value);
      }
      return value;
    }
  }
}
