package io.millrace.bench;

import io.millrace.datasets.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Measures several samplers side by side on one thread, and checks that they give the same batches.
 *
 * <p>In every round each sampler samples the same batches, one sampler after the other in an order
 * that is shuffled anew, so that what disturbs the machine disturbs all alike. Only the sampling
 * itself is timed. Every batch that is sampled, also to warm up, is compared by its digest.
 */
final class Explorer {
  /**
   * Batches of the warm-up; the compiler works beside, while the other samplers have their turn.
   */
  private static final int WARM_UP_SWEEPS = 3;

  /** A sampler in the race. */
  record Entry(String name, BatchSampler sampler) {}

  private final SeedBatches batches;
  private final int numRounds;
  private final int batchesPerRound;
  private final Progress progress;

  /**
   * @param numRounds 1 or more; results are medians over the rounds
   * @param batchesPerRound batches that each sampler samples in a round, 1 or more
   */
  Explorer(SeedBatches batches, int numRounds, int batchesPerRound, Progress progress) {
    this.batches = batches;
    this.numRounds = numRounds;
    this.batchesPerRound = batchesPerRound;
    this.progress = progress;
  }

  /**
   * @return a measurement for each entry, in their order
   * @throws IllegalStateException if two samplers disagree about a batch
   */
  List<Measurement> measure(List<Entry> entries) {
    List<Measurement> warmUp = entries.stream().map(e -> new Measurement(e.name())).toList();
    for (int sweep = 0; sweep < WARM_UP_SWEEPS; sweep++) {
      round("warm up", sweep, WARM_UP_SWEEPS, entries, warmUp, -1 - sweep, 1);
    }
    System.gc(); // or the first rounds would move what the warm-up left
    List<Measurement> measured = entries.stream().map(e -> new Measurement(e.name())).toList();
    for (int round = 0; round < numRounds; round++) {
      int firstBatch = round * batchesPerRound;
      round("measure", round, numRounds, entries, measured, firstBatch, batchesPerRound);
    }
    return measured;
  }

  private void round(
      String stage,
      int round,
      int numRounds,
      List<Entry> entries,
      List<Measurement> measured,
      int firstBatch,
      int numBatches) {
    int[][] seeds = new int[numBatches][];
    for (int i = 0; i < numBatches; i++) {
      seeds[i] = batches.seeds(firstBatch + i);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(round));
    int done = round * entries.size();
    for (int entry : order) {
      progress.update(stage, done++, numRounds * entries.size());
      measured.get(entry).beginRound();
      for (int i = 0; i < numBatches; i++) {
        sample(entries.get(entry), measured.get(entry), seeds[i], firstBatch + i);
      }
    }
    progress.update(stage, done, numRounds * entries.size());
    for (Measurement measurement : measured) {
      measurement.requireSameBatches(measured.getFirst());
    }
  }

  private void sample(Entry entry, Measurement measurement, int[] seeds, int batch) {
    BatchSampler sampler = entry.sampler();
    long batchSeed = batches.batchSeed(batch);
    long bytesBefore = Allocation.bytes();
    long start = System.nanoTime();
    sampler.sample(seeds, batchSeed);
    long nanos = System.nanoTime() - start;
    measurement.add(sampler, batch, nanos, Allocation.bytes() - bytesBefore);
  }
}
