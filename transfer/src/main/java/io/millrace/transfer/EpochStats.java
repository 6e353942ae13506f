package io.millrace.transfer;

import io.millrace.Internal;

/**
 * Sizes of the batches of an epoch, and where the time went. Times are in nanoseconds; those of
 * workers are sums over all workers. Immutable.
 *
 * @param numBatches batches delivered
 * @param numNodes the sum of the nodes of those batches
 * @param numEdges edges of all their layers
 * @param featureBytes bytes of features gathered
 * @param sampleNanos time that workers spent sampling
 * @param sliceNanos time that workers spent slicing
 * @param slotWaitNanos time that workers waited for a slot: the consumer was slower
 * @param consumerWaitNanos time that the consumer waited for a batch: the workers were slower
 * @param slotGrowths how often a slot grew, on the host or on the GPU
 * @param wallNanos from the start of the epoch until now, or until its end
 * @param batchesDigest depends on the ids, labels and layers of all batches and on their order:
 *     equal for equal epochs, for any number of workers
 */
public record EpochStats(
    long numBatches,
    long numNodes,
    long numEdges,
    long featureBytes,
    long sampleNanos,
    long sliceNanos,
    long slotWaitNanos,
    long consumerWaitNanos,
    long slotGrowths,
    long wallNanos,
    long batchesDigest) {
  /** The statistics of an epoch that has not begun. */
  public static final EpochStats NONE = new EpochStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The statistics of an epoch whose first part is this and whose second part is {@code rest}. */
  EpochStats plus(EpochStats rest) {
    return new EpochStats(
        numBatches + rest.numBatches,
        numNodes + rest.numNodes,
        numEdges + rest.numEdges,
        featureBytes + rest.featureBytes,
        sampleNanos + rest.sampleNanos,
        sliceNanos + rest.sliceNanos,
        slotWaitNanos + rest.slotWaitNanos,
        consumerWaitNanos + rest.consumerWaitNanos,
        slotGrowths + rest.slotGrowths,
        wallNanos + rest.wallNanos,
        rest.batchesDigest); // its digest continued this one
  }

  /**
   * The digest of some batches and one more.
   *
   * @param before of the batches before
   * @param checksum of the batch
   */
  @Internal
  public static long digest(long before, long checksum) {
    return (Long.rotateLeft(before, 5) ^ checksum) * 0x9E3779B97F4A7C15L;
  }

  /** The share of the epoch that the consumer waited for data, from 0 to 1. */
  public double waitShare() {
    return wallNanos == 0 ? 0 : (double) consumerWaitNanos / wallNanos;
  }
}
