package io.millrace.training.inference;

import io.millrace.transfer.EpochStats;

/**
 * The figures of one pass over the nodes in this process; work of an earlier run is not counted.
 *
 * @param name "layer 0", ... or "sampled"
 * @param seconds time of the pass, including waiting for other processes
 * @param numNodes rows that were computed
 * @param numEdges edges that were aggregated over
 * @param readBytes bytes of rows and neighbour ids that were read for it
 * @param numBatches chunks that went through the pipeline
 * @param numLongRows nodes whose rows were computed in parts
 * @param slotGrowths how often a chunk outgrew its slot
 * @param waitSeconds time that the model waited for data
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
      String name, EpochStats stats, long numNodes, long numLongRows, long ownEdges, int rowBytes) {
    long edges = stats.numEdges() + ownEdges;
    return new PassReport(
        name,
        stats.wallNanos() / 1e9,
        numNodes,
        edges,
        stats.featureBytes() + ownEdges * rowBytes + edges * Integer.BYTES,
        stats.numBatches(),
        numLongRows,
        stats.slotGrowths(),
        stats.consumerWaitNanos() / 1e9);
  }

  /** The sum of both reports. */
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

  /** The same report with the measured wall-clock time. */
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
