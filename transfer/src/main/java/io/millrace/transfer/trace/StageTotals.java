package io.millrace.transfer.trace;

/**
 * What a stage has done, on one thread or on several. Immutable.
 *
 * @param count how often it was completed: for most stages once a batch
 * @param wallNanos time in the stage, in nanoseconds, summed over threads
 * @param cpuNanos CPU time of the same threads in the stage, in nanoseconds
 * @param nodes of the batches that it completed
 * @param edges of all layers of those batches
 * @param bytes it has written: features and labels for SLICE, the copied part of a slot for COPY
 */
public record StageTotals(
    long count, long wallNanos, long cpuNanos, long nodes, long edges, long bytes) {
  /** Nothing. */
  public static final StageTotals NONE = new StageTotals(0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public StageTotals plus(StageTotals other) {
    return new StageTotals(
        count + other.count,
        wallNanos + other.wallNanos,
        cpuNanos + other.cpuNanos,
        nodes + other.nodes,
        edges + other.edges,
        bytes + other.bytes);
  }

  /** What was added since {@code earlier}. */
  public StageTotals minus(StageTotals earlier) {
    return new StageTotals(
        count - earlier.count,
        wallNanos - earlier.wallNanos,
        cpuNanos - earlier.cpuNanos,
        nodes - earlier.nodes,
        edges - earlier.edges,
        bytes - earlier.bytes);
  }
}
