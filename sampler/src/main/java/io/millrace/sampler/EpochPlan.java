package io.millrace.sampler;

import io.millrace.datasets.BadInputException;
import java.util.Arrays;

/**
 * Which seeds form which batch of which epoch, and the random seed of each batch: a function of
 * (seeds, batch size, run seed, epoch) alone.
 *
 * <p>Immutable; all threads share it. The last batch of an epoch holds what is left.
 */
public final class EpochPlan {
  private final int[] seeds;
  private final int batchSize;
  private final long runSeed;
  private final boolean shuffled;

  private EpochPlan(int[] seeds, int batchSize, long runSeed, boolean shuffled) {
    if (batchSize < 1) {
      throw BadInputException.of("batch size must be positive", "batchSize", batchSize);
    }
    this.seeds = seeds.clone();
    this.batchSize = batchSize;
    this.runSeed = runSeed;
    this.shuffled = shuffled;
  }

  /** A plan that shuffles the seeds anew for each epoch: for training. */
  public static EpochPlan of(int[] seeds, int batchSize, long runSeed) {
    return new EpochPlan(seeds, batchSize, runSeed, true);
  }

  /** A plan that keeps the seeds in their order: for evaluation and inference. */
  public static EpochPlan inOrder(int[] seeds, int batchSize, long runSeed) {
    return new EpochPlan(seeds, batchSize, runSeed, false);
  }

  public Epoch epoch(int epoch) {
    return new Epoch(epoch, shuffled ? shuffle(epoch) : seeds);
  }

  /** Fisher and Yates's shuffle; its keys are those of batch -1, which no batch has. */
  private int[] shuffle(int epoch) {
    int[] shuffledSeeds = seeds.clone();
    long key = BatchRandom.batchSeed(runSeed, epoch, -1);
    for (int i = shuffledSeeds.length - 1; i > 0; i--) {
      int j = BatchRandom.bounded(key, i, i + 1);
      int seed = shuffledSeeds[i];
      shuffledSeeds[i] = shuffledSeeds[j];
      shuffledSeeds[j] = seed;
    }
    return shuffledSeeds;
  }

  /** One epoch's batches, numbered from 0. Immutable; all threads share it. */
  public final class Epoch implements BatchPlan {
    private final int number;
    private final int[] order;

    private Epoch(int number, int[] order) {
      this.number = number;
      this.order = order;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public int numBatches() {
      return Math.ceilDiv(order.length, batchSize);
    }

    @Override
    public int[] seeds(int batch) {
      int begin = batch * batchSize;
      return Arrays.copyOfRange(
          order, begin, (int) Math.min(order.length, (long) begin + batchSize));
    }

    @Override
    public long batchSeed(int batch) {
      return BatchRandom.batchSeed(runSeed, number, batch);
    }
  }
}
