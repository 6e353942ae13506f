package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.draw.ExcludedRanks;
import io.millrace.slicing.KeptBatches;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.Slot;
import io.millrace.slicing.SlotLayout;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Prepares whole batches, one after the other: takes a slot, claims the next number, samples,
 * slices, and delivers.
 *
 * <p>A worker takes the slot before it claims a number. The lowest claimed number therefore always
 * has a slot. The consumer waits for that number, so the pipeline cannot deadlock. One thread; the
 * scratch is kept between epochs.
 *
 * <p>Next class to read: {@link io.millrace.sampler.NeighborSampler}.
 */
final class BatchWorker {
  private final int index;
  private final NeighborSampler sampler;
  private final Slicer slicer;
  private final Track track;
  private final ExcludedRanks excluded = new ExcludedRanks();

  /** Batches whose last rows are on their way. */
  private final List<CompletableFuture<Void>> arriving = new ArrayList<>();

  /** What it does now, for the message of a failure. */
  private String stage = "sampling";

  /** The track's times when the epoch began. */
  private long sampleBefore;

  private long sliceBefore;
  private long waitBefore;

  /**
   * @param index from 0 in its pipeline
   */
  BatchWorker(int index, NeighborSampler sampler, Slicer slicer, Track track) {
    this.index = index;
    this.sampler = sampler;
    this.slicer = slicer;
    this.track = track;
  }

  int index() {
    return index;
  }

  /** The times of an epoch begin. Called while it does not run. */
  void beginEpoch() {
    sampleBefore = wall(Stage.SAMPLE);
    sliceBefore = wall(Stage.SLICE);
    waitBefore = wall(Stage.WAIT_FOR_ROOM);
  }

  /** Returns when the epoch has no more numbers for this worker. */
  void run(EpochState state) throws InterruptedException {
    try {
      prepareAll(state);
    } finally {
      awaitArrivals();
      track.enter(Stage.OTHER);
    }
  }

  private void prepareAll(EpochState state) throws InterruptedException {
    boolean more = true;
    while (more) {
      track.enter(Stage.WAIT_FOR_ROOM);
      Slot slot = state.pool().acquire();
      track.enter(Stage.PLAN);
      int number = state.claim(this);
      more = number >= 0;
      if (more) {
        prepare(state, number, slot);
      } else {
        slot.release();
      }
    }
  }

  private void prepare(EpochState state, int number, Slot slot) {
    try {
      deliver(state, number, prepared(state, number, slot));
    } catch (Throwable cause) {
      state.fail(number, new EpochState.Failed(stage, cause));
      slot.release();
    }
  }

  /** Delivers a batch when its last rows have arrived; meanwhile the worker prepares others. */
  private void deliver(EpochState state, int number, SlicedBatch sliced) {
    CompletableFuture<Void> rows = sliced.features();
    if (rows.isDone() && !rows.isCompletedExceptionally()) {
      state.deliver(number, new EpochState.Ready(sliced));
      return;
    }
    arriving.removeIf(CompletableFuture::isDone);
    arriving.add(rows.handle((_, failure) -> arrived(state, number, sliced, failure)));
  }

  private static Void arrived(EpochState state, int number, SlicedBatch sliced, Throwable failure) {
    if (failure == null) {
      state.deliver(number, new EpochState.Ready(sliced));
    } else {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      state.fail(number, new EpochState.Failed("fetching rows", cause));
      sliced.slot().release();
    }
    return null;
  }

  /** Slots are written to until the last rows have arrived, or failed to. */
  private void awaitArrivals() {
    arriving.forEach(CompletableFuture::join);
    arriving.clear();
  }

  private SlicedBatch prepared(EpochState state, int number, Slot slot) {
    Optional<KeptBatches> kept = state.kept();
    if (kept.isPresent() && kept.get().has(number)) {
      stage = "copying a kept batch";
      track.completed(0, 0, 0);
      track.enter(Stage.SLICE, number);
      SlicedBatch copy = kept.get().copy(number, slot);
      track.completed(copy.layout().numNodes(), copy.layout().numEdges(), 0);
      return copy;
    }
    SlicedBatch sliced = sliced(state, number, slot);
    SlotLayout layout = sliced.layout();
    track.completed(layout.numNodes(), layout.numEdges(), layout.featureBytes());
    if (kept.isPresent()) {
      sliced.features().join(); // it is copied with all rows
      kept.get().keep(number, sliced);
    }
    return sliced;
  }

  private SlicedBatch sliced(EpochState state, int number, Slot slot) {
    BatchPlan epoch = state.epoch();
    stage = "sampling";
    int[] seeds = epoch.seeds(number);
    track.completed(0, 0, 0);
    track.enter(Stage.SAMPLE, number);
    SampledBatch sampled = sample(state, seeds, number);
    track.completed(sampled.numNodes(), sampled.numEdges(), 0);
    stage = "slicing";
    track.enter(Stage.SLICE, number);
    return slicer.slice(sampled, slot, epoch.number(), epoch.numberOf(number));
  }

  private SampledBatch sample(EpochState state, int[] seeds, int number) {
    BatchPlan epoch = state.epoch();
    long batchSeed = epoch.batchSeed(number);
    Optional<long[]> times = epoch.times(number);
    if (times.isPresent()) {
      return sampler.sample(seeds, times.get(), state.fanout(), batchSeed);
    }
    epoch.exclude(number, excluded);
    return sampler.sample(seeds, state.fanout(), batchSeed, excluded);
  }

  /** Time spent sampling in this epoch. */
  long sampleNanos() {
    return wall(Stage.SAMPLE) - sampleBefore;
  }

  long sliceNanos() {
    return wall(Stage.SLICE) - sliceBefore;
  }

  long slotWaitNanos() {
    return wall(Stage.WAIT_FOR_ROOM) - waitBefore;
  }

  private long wall(Stage of) {
    return track.totals(of).wallNanos();
  }
}
