package io.millrace.bench.epoch;

import io.millrace.transfer.EpochStats;
import java.util.Optional;

/**
 * Where the time of one epoch went, in seconds.
 *
 * @param epoch from its start until its end
 * @param preparing sampling and slicing, of all workers together
 * @param blockedOnPreparation what computes had no batch
 * @param blockedOnTransfer it had one that was still on its way; none where nothing is copied
 * @param computing the rest
 * @param numBatches of the epoch
 * @param digest of its batches
 */
record EpochTimes(
    double epoch,
    double preparing,
    double blockedOnPreparation,
    Optional<Double> blockedOnTransfer,
    double computing,
    long numBatches,
    long digest) {
  /** On the CPU, the consumer's thread either waits for a batch or computes on one. */
  static EpochTimes onCpu(EpochStats stats) {
    long computing = stats.wallNanos() - stats.consumerWaitNanos();
    return of(stats, stats.consumerWaitNanos() / 1e9, Optional.empty(), computing / 1e9);
  }

  /** On a GPU its clock measures. */
  static EpochTimes onGpu(EpochStats stats, DeviceClock.Times device) {
    return of(stats, device.idle(), Optional.of(device.copying()), device.computing());
  }

  private static EpochTimes of(
      EpochStats stats, double onPreparation, Optional<Double> onTransfer, double computing) {
    return new EpochTimes(
        stats.wallNanos() / 1e9,
        (stats.sampleNanos() + stats.sliceNanos()) / 1e9,
        onPreparation,
        onTransfer,
        computing,
        stats.numBatches(),
        stats.batchesDigest());
  }

  /** The share of the epoch that what computes did so, 0 to 1. */
  double busyShare() {
    return computing / epoch;
  }
}
