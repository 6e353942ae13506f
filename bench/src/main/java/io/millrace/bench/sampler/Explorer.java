package io.millrace.bench.sampler;

import io.millrace.Progress;
import io.millrace.bench.harness.ProcessMemory;
import io.millrace.bench.variant.BatchSampler;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures several samplers side by side on one thread, and checks that they give the same batches.
 *
 * <p>In every round each sampler samples the same batches, one sampler after the other in an order
 * that is shuffled again, so that what disturbs the machine disturbs all alike. Only the sampling
 * itself is timed. Every batch that is sampled, also to warm up, is compared by its digest. The
 * next class to read is {@link Measurement}.
 */
final class Explorer {
  private static final int MIN_WARM_UP_ROUNDS = 3;

  /** A sampler in the race. */
  record Entry(String name, BatchSampler sampler) {}

  private final SeedBatches batches;
  private final int numRounds;
  private final int batchesPerRound;
  private final Duration warmUp;
  private final Progress progress;

  /**
   * @param numRounds 1 or more; results are medians over the rounds
   * @param batchesPerRound batches that each sampler samples in a round, 1 or more
   * @param warmUp how long all samplers together warm up at least, while the compiler works
   */
  Explorer(
      SeedBatches batches, int numRounds, int batchesPerRound, Duration warmUp, Progress progress) {
    this.batches = batches;
    this.numRounds = numRounds;
    this.batchesPerRound = batchesPerRound;
    this.warmUp = warmUp;
    this.progress = progress;
  }

  /**
   * @return a measurement for each entry, in their order
   * @throws IllegalStateException if two samplers disagree about a batch
   */
  List<Measurement> measure(List<Entry> entries) {
    warmUp(entries);
    System.gc(); // or the first rounds would move what the warm-up left
    List<Measurement> measured = newMeasurements(entries);
    int total = numRounds * entries.size();
    for (int round = 0; round < numRounds; round++) {
      int done = round * entries.size();
      int firstBatch = round * batchesPerRound;
      IntConsumer onTurn = turn -> progress.update("measure", done + turn, total);
      round(entries, measured, firstBatch, batchesPerRound, onTurn);
    }
    return measured;
  }

  /** Rounds of one batch each. */
  private void warmUp(List<Entry> entries) {
    List<Measurement> measured = newMeasurements(entries);
    long start = System.nanoTime();
    for (int round = 0;
        round < MIN_WARM_UP_ROUNDS || System.nanoTime() - start < warmUp.toNanos();
        round++) {
      int done = round * entries.size();
      IntConsumer onTurn = turn -> progress.update("warm up", done + turn, -1);
      round(entries, measured, -1 - round, 1, onTurn);
    }
  }

  /**
   * One round.
   *
   * @param onTurn hears how many samplers are through
   */
  private void round(
      List<Entry> entries,
      List<Measurement> measured,
      int firstBatch,
      int numBatches,
      IntConsumer onTurn) {
    int[][] seeds =
        IntStream.range(firstBatch, firstBatch + numBatches)
            .mapToObj(batches::seeds)
            .toArray(int[][]::new);
    int turn = 0;
    for (int entry : shuffled(entries.size(), firstBatch)) {
      measured.get(entry).beginRound();
      for (int i = 0; i < numBatches; i++) {
        sample(entries.get(entry).sampler(), measured.get(entry), seeds[i], firstBatch + i);
      }
      onTurn.accept(++turn);
    }
    for (Measurement measurement : measured) {
      measurement.requireSameBatches(measured.getFirst());
    }
  }

  private void sample(BatchSampler sampler, Measurement measurement, int[] seeds, int batch) {
    long batchSeed = batches.batchSeed(batch);
    long bytesBefore = ProcessMemory.allocated();
    long start = System.nanoTime();
    sampler.sample(seeds, batchSeed);
    long nanos = System.nanoTime() - start;
    measurement.add(sampler, batch, nanos, ProcessMemory.allocated() - bytesBefore);
  }

  private static List<Measurement> newMeasurements(List<Entry> entries) {
    return entries.stream().map(entry -> new Measurement(entry.name())).toList();
  }

  private static List<Integer> shuffled(int size, long seed) {
    List<Integer> order = IntStream.range(0, size).boxed().collect(Collectors.toList());
    Collections.shuffle(order, new Random(seed));
    return order;
  }
}
