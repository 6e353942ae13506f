package io.millrace.transfer;

import io.millrace.BadInputException;
import io.millrace.slicing.SlicedBatch;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * The batches of one epoch of a {@link BatchPipeline}, in order, while the workers prepare the next
 * ones. Each call of {@link #next} also submits later batches that are ready, as many as have room.
 *
 * <p>Used by one thread, the consumer's. It closes each batch when it is done with it, and this
 * when it is done with the epoch, early or not; {@link #close} waits until the workers have
 * finished their current batches.
 *
 * <p>Next class to read: {@link BatchPipeline}.
 */
public final class EpochBatches implements BatchStream {
  private final EpochState state;
  private final CopyEngine engine;
  private final List<BatchWorker> workers;
  private final Set<DeviceBatch> inUse = new HashSet<>();
  private final long growthsBefore;
  private final EpochCounters counters;
  private final Track track;

  /** The number that {@link #next} returns next. */
  private int nextNumber;

  /** The number that is submitted to the engine next; at least {@code nextNumber}. */
  private int numSubmitted;

  /** Why there is no batch of number {@code numSubmitted}; thrown when that batch is requested. */
  private Optional<EpochState.Failed> failure = Optional.empty();

  private EpochStats finalStats;
  private boolean closed;

  /**
   * @param before the statistics of the part of the epoch that is done
   * @param track of the consumer
   */
  EpochBatches(
      EpochState state,
      EpochStats before,
      CopyEngine engine,
      List<BatchWorker> workers,
      Track track) {
    this.state = state;
    this.track = track;
    this.counters = new EpochCounters(before, track);
    this.nextNumber = Math.toIntExact(before.numBatches());
    this.numSubmitted = nextNumber;
    this.engine = engine;
    this.workers = workers;
    this.growthsBefore = growths();
  }

  @Override
  public boolean hasNext() {
    return !closed && nextNumber < numBatches();
  }

  @Override
  public int numBatches() {
    return state.epoch().numBatches();
  }

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

  /**
   * Submits the batches that are ready and have room, so that they are copied while the model
   * computes.
   */
  private void lookAhead() {
    reclaim();
    while (failure.isEmpty() && engine.hasRoom()) {
      EpochState.Outcome outcome = state.ring().poll(numSubmitted);
      if (outcome == null) {
        return;
      }
      submit(outcome);
    }
  }

  private void submit(EpochState.Outcome outcome) {
    switch (outcome) {
      case EpochState.Failed failed -> failure = Optional.of(failed);
      case EpochState.Ready(SlicedBatch batch) -> {
        Stage before = track.enter(Stage.COPY, numSubmitted);
        try {
          long bytes = engine.submit(batch);
          track.completed(0, 0, bytes);
          numSubmitted++;
        } catch (Throwable t) {
          failure = Optional.of(new EpochState.Failed("copying", t));
        } finally {
          track.enter(before);
        }
      }
    }
  }

  private EpochState.Outcome await(int number) {
    Stage before = track.enter(Stage.WAIT_FOR_DATA, number);
    try {
      EpochState.Outcome outcome = state.ring().take(number, this::abandoned);
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
      track.enter(before);
    }
  }

  /** Called repeatedly while waiting, because the workers may be waiting for a slot meanwhile. */
  private boolean abandoned() {
    reclaim();
    return state.isAbandoned();
  }

  private void reclaim() {
    try {
      engine.reclaim();
    } catch (RuntimeException e) { // CUDA reports an earlier failure: no batch can be trusted
      throw failed(new EpochState.Failed("copying", e), nextNumber);
    }
  }

  private DeviceBatch handOver(int number) {
    DeviceBatch batch;
    try {
      batch = engine.take(inUse::remove);
    } catch (Throwable t) {
      throw failed(new EpochState.Failed("copying", t), number);
    }
    inUse.add(batch);
    counters.delivered(batch.sliced());
    return batch;
  }

  private RuntimeException failed(EpochState.Failed failed, int number) {
    Throwable cause = failed.cause();
    int epoch = state.epoch().number();
    int known = state.epoch().numberOf(number);
    RuntimeException failure =
        cause instanceof BadInputException
            ? new BadInputException(
                cause.getMessage() + ", epoch=" + epoch + ", batch=" + known, cause)
            : new PipelineException(failed.stage(), epoch, known, cause);
    try {
      close();
    } catch (RuntimeException e) { // the first failure is the one to report
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  public EpochStats stats() {
    return closed ? finalStats : stats(List.of());
  }

  private EpochStats stats(List<BatchWorker> finished) {
    return counters.stats(finished, growths() - growthsBefore);
  }

  private long growths() {
    return state.pool().growths() + engine.growths();
  }

  boolean closed() {
    return closed;
  }

  /**
   * Stops the workers and releases every slot. Waits until no worker uses a slot any more and, on a
   * GPU, until the copies that were submitted ahead are done.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    state.stop();
    List<Runnable> steps = new ArrayList<>();
    inUse.forEach(batch -> steps.add(batch::close));
    steps.add(engine::drain);
    steps.add(state::awaitWorkers);
    try {
      Shutdown.run(steps);
    } finally {
      finalStats = stats(workers);
      closed = true;
    }
  }
}
