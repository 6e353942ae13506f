package io.millrace.transfer;

/**
 * What an epoch's batches held, and where the time went. Times are nanoseconds; those of the
 * workers are summed over all workers.
 *
 * @param numBatches batches delivered
 * @param numNodes nodes of those batches, each batch's own counted anew
 * @param numEdges edges of all their layers
 * @param featureBytes bytes of features gathered
 * @param sampleNanos spent by workers sampling
 * @param sliceNanos spent by workers slicing
 * @param slotWaitNanos spent by workers waiting for a slot: the consumer is slower than they
 * @param consumerWaitNanos spent by the consumer waiting for a batch: the workers are slower than
 *     it
 * @param slotGrowths how often a batch outgrew its slot, on the host or on the GPU
 * @param wallNanos from the start of the epoch until now, or until its end
 * @param batchesDigest depends on the ids, labels and layers of all batches and on their order:
 *     equal for equal epochs, whatever the number of workers
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
  /** Of an epoch of which nothing is done. */
  public static final EpochStats NONE = new EpochStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The figures of an epoch of which this was the first part, and {@code rest} what followed. */
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
        rest.batchesDigest); // which began with ours
  }

  /** The share of the epoch that the consumer spent waiting for data, 0 to 1. */
  public double waitShare() {
    return wallNanos == 0 ? 0 : (double) consumerWaitNanos / wallNanos;
  }
}
