package io.millrace.transfer;

import io.millrace.datasets.BadInputException;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The batches of one epoch, in order, while the workers prepare the next ones. Whenever a batch is
 * asked for, the finished ones behind it are sent on their way too, as many as have room.
 *
 * <p>Used by one thread: the consumer's. It closes each batch when it is done with it, and this
 * when it is done with the epoch, early or not; that waits for the workers to finish what they are
 * at.
 */
public final class EpochBatches implements Iterator<DeviceBatch>, AutoCloseable {
  private final EpochRun run;
  private final EpochStats before;
  private final CopyEngine engine;
  private final List<BatchWorker> workers;
  private final CountDownLatch workersDone;
  private final Set<DeviceBatch> inUse = new HashSet<>();
  private final long growthsBefore;
  private final long startNanos = System.nanoTime();

  /** The number that {@link #next} returns next. */
  private int nextNumber;

  /** How many batches the engine was given: those before {@code nextNumber} and some ahead. */
  private int numSubmitted;

  /**
   * Why there is no batch of number {@code numSubmitted}: it is told when that one is asked for.
   */
  private Optional<EpochRun.Failed> failure = Optional.empty();

  private long numNodes;
  private long numEdges;
  private long featureBytes;
  private long consumerWaitNanos;
  private long digest;
  private EpochStats finalStats;
  private boolean closed;

  EpochBatches(
      EpochRun run,
      EpochStats before,
      CopyEngine engine,
      List<BatchWorker> workers,
      CountDownLatch workersDone) {
    this.run = run;
    this.before = before;
    this.nextNumber = Math.toIntExact(before.numBatches());
    this.numSubmitted = nextNumber;
    this.digest = before.batchesDigest();
    this.engine = engine;
    this.workers = workers;
    this.workersDone = workersDone;
    this.growthsBefore = growths();
  }

  @Override
  public boolean hasNext() {
    return !closed && nextNumber < numBatches();
  }

  public int numBatches() {
    return run.epoch().numBatches();
  }

  /**
   * The next batch, waiting for it if need be.
   *
   * @throws PipelineException if a worker, or its copy, failed at it; the epoch is closed then
   * @throws BadInputException if what the worker met was bad input; likewise
   * @throws CancellationException if the thread was interrupted while it waited; likewise
   */
  @Override
  public DeviceBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    lookAhead();
    if (numSubmitted == nextNumber && failure.isEmpty()) {
      if (!engine.hasRoom()) {
        throw new IllegalStateException(
            "all slots are held by batches that were not closed: slots=" + inUse.size());
      }
      submit(await(nextNumber));
      lookAhead();
    }
    int number = nextNumber++;
    if (number == numSubmitted) {
      throw failed(failure.get(), number);
    }
    return handOver(number);
  }

  /** Submits the batches that are ready and have room: they travel while the model computes. */
  private void lookAhead() {
    reclaim();
    while (failure.isEmpty() && engine.hasRoom()) {
      EpochRun.Outcome outcome = run.ring().poll(numSubmitted);
      if (outcome == null) {
        return;
      }
      submit(outcome);
    }
  }

  private void submit(EpochRun.Outcome outcome) {
    switch (outcome) {
      case EpochRun.Failed failed -> failure = Optional.of(failed);
      case EpochRun.Ready(SlicedBatch batch) -> {
        try {
          engine.submit(batch);
          numSubmitted++;
        } catch (Throwable t) {
          failure = Optional.of(new EpochRun.Failed("copying", t));
        }
      }
    }
  }

  private EpochRun.Outcome await(int number) {
    long begin = System.nanoTime();
    try {
      EpochRun.Outcome outcome = run.ring().take(number, this::abandoned);
      if (outcome == null) {
        close();
        throw new IllegalStateException("the workers ended without batch " + number);
      }
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new CancellationException("interrupted while waiting for batch " + number);
    } finally {
      consumerWaitNanos += System.nanoTime() - begin;
    }
  }

  /** Asked again and again while waiting, for the workers may be waiting for a slot meanwhile. */
  private boolean abandoned() {
    reclaim();
    return workersDone.getCount() == 0;
  }

  private void reclaim() {
    try {
      engine.reclaim();
    } catch (RuntimeException e) { // the GPU tells of an earlier failure: no batch is safe any more
      throw failed(new EpochRun.Failed("copying", e), nextNumber);
    }
  }

  private DeviceBatch handOver(int number) {
    DeviceBatch batch;
    try {
      batch = engine.take(inUse::remove);
    } catch (Throwable t) {
      throw failed(new EpochRun.Failed("copying", t), number);
    }
    inUse.add(batch);
    SlotLayout layout = batch.sliced().layout();
    numNodes += layout.numNodes();
    numEdges += layout.numEdges();
    featureBytes += layout.featureBytes();
    digest = (Long.rotateLeft(digest, 5) ^ batch.sliced().checksum()) * 0x9E3779B97F4A7C15L;
    return batch;
  }

  private RuntimeException failed(EpochRun.Failed failed, int number) {
    Throwable cause = failed.cause();
    int epoch = run.epoch().number();
    RuntimeException told =
        cause instanceof BadInputException
            ? new BadInputException(
                cause.getMessage() + ", epoch=" + epoch + ", batch=" + number, cause)
            : new PipelineException(failed.stage(), epoch, number, cause);
    try {
      close();
    } catch (RuntimeException e) { // what failed first is what counts
      told.addSuppressed(e);
    }
    return told;
  }

  /** The figures so far; those of the workers are complete once this is closed, and zero before. */
  public EpochStats stats() {
    return closed ? finalStats : stats(List.of());
  }

  private EpochStats stats(List<BatchWorker> finished) {
    EpochStats here =
        new EpochStats(
            nextNumber - before.numBatches(),
            numNodes,
            numEdges,
            featureBytes,
            finished.stream().mapToLong(BatchWorker::sampleNanos).sum(),
            finished.stream().mapToLong(BatchWorker::sliceNanos).sum(),
            finished.stream().mapToLong(BatchWorker::slotWaitNanos).sum(),
            consumerWaitNanos,
            growths() - growthsBefore,
            System.nanoTime() - startNanos,
            digest);
    return before.plus(here);
  }

  private long growths() {
    return run.pool().growths() + engine.growths();
  }

  boolean closed() {
    return closed;
  }

  /**
   * Stops the workers, takes back every slot, and waits until no worker touches one any more, and
   * on a GPU, until the copies that were sent ahead are done.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    run.stop();
    List<Runnable> steps = new ArrayList<>();
    inUse.forEach(batch -> steps.add(batch::close));
    steps.add(engine::drain);
    steps.add(this::awaitWorkers);
    try {
      AllOf.run(steps);
    } finally {
      finalStats = stats(workers);
      closed = true;
    }
  }

  private void awaitWorkers() {
    boolean interrupted = false;
    for (boolean done = false; !done; ) {
      // A worker may wait for a slot, and a batch for us: emptying the ring frees both.
      emptyRing();
      try {
        done = workersDone.await(1, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    emptyRing();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void emptyRing() {
    for (int place = 0; place < run.pool().numSlots(); place++) {
      if (run.ring().poll(place) instanceof EpochRun.Ready(SlicedBatch batch)) {
        batch.slot().release();
      }
    }
  }
}
