package io.millrace.transfer;

import io.millrace.datasets.BadInputException;
import io.millrace.slicing.SlicedBatch;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The batches of one epoch, in order, while the workers prepare the next ones.
 *
 * <p>Used by one thread: the consumer's. It closes each batch when it is done with it, and this
 * when it is done with the epoch, early or not; that waits for the workers to finish what they are
 * at.
 */
public final class EpochBatches implements Iterator<DeviceBatch>, AutoCloseable {
  private final EpochRun run;
  private final CopyEngine engine;
  private final List<BatchWorker> workers;
  private final CountDownLatch workersDone;
  private final Set<DeviceBatch> inUse = new HashSet<>();
  private final int growthsBefore;
  private final long startNanos = System.nanoTime();

  private int nextNumber;
  private long numNodes;
  private long numEdges;
  private long featureBytes;
  private long consumerWaitNanos;
  private long digest;
  private EpochStats finalStats;
  private boolean closed;

  EpochBatches(
      EpochRun run, CopyEngine engine, List<BatchWorker> workers, CountDownLatch workersDone) {
    this.run = run;
    this.engine = engine;
    this.workers = workers;
    this.workersDone = workersDone;
    this.growthsBefore = run.pool().growths();
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
   * @throws PipelineException if a worker failed at it; the epoch is closed then
   * @throws BadInputException if what the worker met was bad input; likewise
   * @throws CancellationException if the thread was interrupted while it waited; likewise
   */
  @Override
  public DeviceBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (inUse.size() == run.pool().numSlots()) {
      throw new IllegalStateException(
          "all slots are held by batches that were not closed: slots=" + inUse.size());
    }
    EpochRun.Outcome outcome = await(nextNumber);
    int number = nextNumber++;
    return switch (outcome) {
      case EpochRun.Ready(SlicedBatch batch) -> handOver(batch);
      case EpochRun.Failed(String stage, Throwable cause) -> throw failed(stage, number, cause);
    };
  }

  private EpochRun.Outcome await(int number) {
    long begin = System.nanoTime();
    try {
      EpochRun.Outcome outcome = run.ring().take(number, () -> workersDone.getCount() == 0);
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

  private DeviceBatch handOver(SlicedBatch batch) {
    DeviceBatch handedOver;
    try {
      handedOver = engine.transfer(batch, this::takeBack);
    } catch (Throwable t) {
      batch.slot().release();
      throw t;
    }
    inUse.add(handedOver);
    numNodes += batch.layout().numNodes();
    numEdges += batch.layout().numEdges();
    featureBytes += batch.layout().featureBytes();
    digest = (Long.rotateLeft(digest, 5) ^ batch.checksum()) * 0x9E3779B97F4A7C15L;
    return handedOver;
  }

  private void takeBack(DeviceBatch batch) {
    inUse.remove(batch);
    batch.slot().release();
  }

  private RuntimeException failed(String stage, int number, Throwable cause) {
    close();
    int epoch = run.epoch().number();
    if (cause instanceof BadInputException) {
      return new BadInputException(
          cause.getMessage() + ", epoch=" + epoch + ", batch=" + number, cause);
    }
    return new PipelineException(stage, epoch, number, cause);
  }

  /** The figures so far; those of the workers are complete once this is closed, and zero before. */
  public EpochStats stats() {
    return closed ? finalStats : stats(List.of());
  }

  private EpochStats stats(List<BatchWorker> finished) {
    return new EpochStats(
        nextNumber,
        numNodes,
        numEdges,
        featureBytes,
        finished.stream().mapToLong(BatchWorker::sampleNanos).sum(),
        finished.stream().mapToLong(BatchWorker::sliceNanos).sum(),
        finished.stream().mapToLong(BatchWorker::slotWaitNanos).sum(),
        consumerWaitNanos,
        run.pool().growths() - growthsBefore,
        System.nanoTime() - startNanos,
        digest);
  }

  boolean closed() {
    return closed;
  }

  /** Stops the workers, takes back every slot, and waits until no worker touches one any more. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    run.stop();
    List.copyOf(inUse).forEach(DeviceBatch::close);
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
    finalStats = stats(workers);
    closed = true;
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
