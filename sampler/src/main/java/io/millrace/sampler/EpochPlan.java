package io.millrace.sampler;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.platform.Checksums;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which seeds form which batch of which epoch, and the random seed of each batch: a function of
 * (seeds, step size, parts, run seed, epoch) alone.
 *
 * <p>The seeds of a training step are one batch, or are {@link #divided} into several virtual
 * nodes. Virtual nodes are sampled, sliced and computed one by one, and the weights change after
 * the last.
 *
 * <pre>
 *   steps     0                      1                      2, the last: the rest
 *   seeds     0 .. 9                 10 .. 19               20 21
 *   batches   0: 0-2  1: 3-5  2: 6-9  3: 10-12  4, 5          6: 20   7: 21     (10 seeds, 3 parts)
 * </pre>
 *
 * <p>Immutable; all threads share it.
 */
public final class EpochPlan {
  private final int[] seeds;
  private final int batchSize;
  private final int parts;
  private final long runSeed;
  private final boolean shuffled;

  private EpochPlan(int[] seeds, int batchSize, int parts, long runSeed, boolean shuffled) {
    Require.positive("batchSize", batchSize);
    if (parts < 1 || parts > batchSize) {
      throw BadInputException.of(
          "a batch has at least one virtual node, and one seed for each",
          "virtualNodes",
          parts,
          "batchSize",
          batchSize);
    }
    this.seeds = seeds;
    this.batchSize = batchSize;
    this.parts = parts;
    this.runSeed = runSeed;
    this.shuffled = shuffled;
  }

  /** A plan for training: it shuffles the seeds again in each epoch. */
  public static EpochPlan of(int[] seeds, int batchSize, long runSeed) {
    return new EpochPlan(seeds.clone(), batchSize, 1, runSeed, true);
  }

  /** A plan for evaluation and inference: it keeps the seeds in their order. */
  public static EpochPlan inOrder(int[] seeds, int batchSize, long runSeed) {
    return new EpochPlan(seeds.clone(), batchSize, 1, runSeed, false);
  }

  /**
   * The same steps, each divided into {@code virtualNodes} batches of about the same size. If the
   * last step of an epoch has fewer seeds than that, each of its seeds is a batch.
   */
  public EpochPlan divided(int virtualNodes) {
    return new EpochPlan(seeds, batchSize, virtualNodes, runSeed, shuffled);
  }

  public Epoch epoch(int epoch) {
    return new Epoch(epoch, shuffled ? shuffle(epoch) : seeds);
  }

  /**
   * The shuffle of Fisher and Yates. Its keys are those of batch -1, a number that no batch has.
   */
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

  /** The batches of one epoch. Immutable; all threads share it. */
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
    public Optional<String> identity() {
      MessageDigest digest = Checksums.sha256();
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * order.length);
      bytes.asIntBuffer().put(order);
      digest.update(bytes);
      String ids = HexFormat.of().formatHex(digest.digest());
      return Optional.of(ids + " " + number + " " + batchSize + " " + parts + " " + runSeed);
    }

    /** Training steps: an epoch visits every seed once, {@code batchSize} seeds per step. */
    public int numSteps() {
      return Math.ceilDiv(order.length, batchSize);
    }

    @Override
    public int numBatches() {
      return numSteps() == 0 ? 0 : firstBatch(numSteps() - 1) + numBatches(numSteps() - 1);
    }

    /** The number of the first batch of a step. */
    public int firstBatch(int step) {
      return step * parts;
    }

    /** The number of batches of a step. */
    public int numBatches(int step) {
      return Math.min(parts, stepEnd(step) - stepBegin(step));
    }

    /** The step that a batch belongs to. */
    public int stepOf(int batch) {
      return batch / parts;
    }

    /** The seeds of a whole step, global ids. */
    public int[] stepSeeds(int step) {
      return Arrays.copyOfRange(order, stepBegin(step), stepEnd(step));
    }

    @Override
    public int[] seeds(int batch) {
      int step = stepOf(batch);
      int part = batch - firstBatch(step);
      return Arrays.copyOfRange(order, partBegin(step, part), partBegin(step, part + 1));
    }

    @Override
    public Optional<long[]> times(int batch) {
      return Optional.empty();
    }

    @Override
    public long batchSeed(int batch) {
      return BatchRandom.batchSeed(runSeed, number, batch);
    }

    @Override
    public void exclude(int batch, ExcludedRanks excluded) {
      excluded.clear();
    }

    private int partBegin(int step, int part) {
      long numSeeds = stepEnd(step) - stepBegin(step);
      return stepBegin(step) + (int) (numSeeds * part / numBatches(step));
    }

    private int stepBegin(int step) {
      return step * batchSize;
    }

    private int stepEnd(int step) {
      return (int) Math.min(order.length, (long) stepBegin(step) + batchSize);
    }
  }
}
