package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.millrace.Internal;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.draw.ExcludedRanks;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.training.parallel.HostArrays;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import java.util.Collection;
import java.util.Optional;

/**
 * The statistics that batch normalisation predicts with: mean and variance over training batches,
 * all by the same weights (Wu and Johnson, "Rethinking 'Batch' in BatchNorm", arXiv 2105.07576,
 * section 3).
 *
 * <p>The running statistics that steps of training leave are those of weights that have moved on
 * since, up to some ten steps. Where features are many and alike, a step moves the mean of a hidden
 * value by more than its standard deviation, and the network predicts badly with good weights. So
 * at the end of an epoch the first batches of the next one go through the network as in training,
 * with nothing learned, and the mean of their statistics, weighted by their seeds, takes the place
 * of the running ones.
 *
 * <p>Owns nothing. One thread.
 */
@Internal
public final class PopulationStatistics {
  /** Steps of training whose batches are looked at. */
  static final int NUM_STEPS = 8;

  private final TrainingSetup setup;
  private final Network network;

  PopulationStatistics(TrainingSetup setup, Network network) {
    this.setup = setup;
    this.network = network;
  }

  /** The first batches of an epoch. */
  private record FirstBatches(EpochPlan.Epoch epoch, BatchPlan batches) implements BatchPlan {
    @Override
    public int number() {
      return epoch.number();
    }

    @Override
    public int numBatches() {
      return epoch.numSteps() > NUM_STEPS ? epoch.firstBatch(NUM_STEPS) : epoch.numBatches();
    }

    @Override
    public Optional<String> identity() {
      return batches.identity().map(it -> it + " first " + numBatches());
    }

    @Override
    public int[] seeds(int batch) {
      return batches.seeds(batch);
    }

    @Override
    public Optional<long[]> times(int batch) {
      return batches.times(batch);
    }

    @Override
    public long batchSeed(int batch) {
      return epoch.batchSeed(batch);
    }

    @Override
    public void exclude(int batch, ExcludedRanks excluded) {
      batches.exclude(batch, excluded);
    }
  }

  /**
   * Replaces the network's running statistics, if it has any: rank 0 measures them, and all ranks
   * take them.
   *
   * @param epoch whose first batches are looked at
   */
  void measure(BatchSource source, EpochPlan.Epoch epoch) {
    if (!network.hasRunningStatistics()) {
      return;
    }
    Collection<NDArray> statistics = network.statistics().values();
    Ranks ranks = setup.settings().ranks();
    if (ranks.isAlone()) {
      measureHere(source, epoch);
      return;
    }
    float[] measured =
        ranks.ofFirst(
            () -> {
              measureHere(source, epoch);
              return HostArrays.values(statistics);
            });
    if (!ranks.isFirst()) {
      HostArrays.set(network.manager(), measured, statistics);
    }
  }

  private void measureHere(BatchSource source, EpochPlan.Epoch epoch) {
    long numBefore = 0;
    try (BatchStream batches = source.start(new FirstBatches(epoch, setup.task().batches(epoch)))) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          int numSeeds = epoch.seeds(batch.number()).length;
          add(batch, (float) numBefore / (numBefore + numSeeds));
          numBefore += numSeeds;
        }
      }
    }
  }

  /**
   * @param kept share of the statistics so far
   */
  private void add(DeviceBatch batch, float kept) {
    long seed = setup.settings().seeds().dropout(batch.epoch(), batch.number());
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch, setup.task().labels());
      ForwardPass pass = network.measuring(seed, kept);
      TorchEngine.forward(
          network.manager().getDevice(),
          seed,
          () -> network.logits(tensors.features(), tensors.edges(), pass));
    }
  }
}
