package io.millrace.training.inference;

import io.millrace.transfer.EpochStats;

/**
 * What one pass over the nodes came to in this process; what an earlier run had done is not in it.
 *
 * @param name "layer 0", ... or "sampled"
 * @param seconds it took, waiting for other processes included
 * @param numNodes rows that were computed
 * @param numEdges edges that were aggregated over
 * @param readBytes rows and neighbour ids that were read for it
 * @param numBatches chunks that went through the pipeline
 * @param numLongRows nodes whose rows were computed in parts
 * @param slotGrowths how often a chunk outgrew its slot
 * @param waitSeconds of the model, for data
 */
public record PassReport(
    String name,
    double seconds,
    long numNodes,
    long numEdges,
    long readBytes,
    long numBatches,
    long numLongRows,
    long slotGrowths,
    double waitSeconds) {
  static PassReport nothing(String name) {
    return new PassReport(name, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static PassReport of(
      String name,
      EpochStats stats,
      long numNodes,
      long numLongRows,
      long longEdges,
      int rowBytes) {
    long edges = stats.numEdges() + longEdges;
    return new PassReport(
        name,
        stats.wallNanos() / 1e9,
        numNodes,
        edges,
        stats.featureBytes() + longEdges * rowBytes + edges * Integer.BYTES,
        stats.numBatches(),
        numLongRows,
        stats.slotGrowths(),
        stats.consumerWaitNanos() / 1e9);
  }

  /** Both together. */
  PassReport plus(PassReport other) {
    return new PassReport(
        name,
        seconds + other.seconds,
        numNodes + other.numNodes,
        numEdges + other.numEdges,
        readBytes + other.readBytes,
        numBatches + other.numBatches,
        numLongRows + other.numLongRows,
        slotGrowths + other.slotGrowths,
        waitSeconds + other.waitSeconds);
  }

  /** The same with the time it really took. */
  PassReport seconds(double value) {
    return new PassReport(
        name,
        value,
        numNodes,
        numEdges,
        readBytes,
        numBatches,
        numLongRows,
        slotGrowths,
        waitSeconds);
  }
}
