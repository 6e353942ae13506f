package io.millrace.training.inference;

import io.millrace.datasets.Split;
import io.millrace.training.inference.chunks.ResidentLimit;
import io.millrace.training.metrics.Evaluation;
import java.util.List;
import java.util.Map;

/**
 * The figures of an inference in this process; work of an earlier run is not counted.
 *
 * @param alreadyFinished whether all results existed already, so that nothing was done
 * @param numNodes nodes whose results were requested
 * @param passes figures of each pass over the nodes
 * @param scores evaluation of the predictions, for each split that has labels among the nodes;
 *     empty for a shard of the work
 * @param seconds total time
 * @param peakResidentBytes the peak memory of the process; -1 if it is not known
 */
public record InferenceReport(
    boolean alreadyFinished,
    long numNodes,
    List<PassReport> passes,
    Map<Split, Evaluation> scores,
    double seconds,
    long peakResidentBytes) {
  static InferenceReport finishedBefore() {
    return new InferenceReport(true, 0, List.of(), Map.of(), 0, ResidentLimit.peakBytes());
  }

  static InferenceReport of(InferenceSettings settings, List<PassReport> passes) {
    return new InferenceReport(
        false, settings.nodeSet().size(), passes, Map.of(), 0, ResidentLimit.peakBytes());
  }

  InferenceReport with(Map<Split, Evaluation> value) {
    return new InferenceReport(
        alreadyFinished, numNodes, passes, value, seconds, peakResidentBytes);
  }

  InferenceReport finished(long startNanos) {
    double value = (System.nanoTime() - startNanos) / 1e9;
    return new InferenceReport(
        alreadyFinished, numNodes, passes, scores, value, ResidentLimit.peakBytes());
  }

  /** The number of nodes for which this process has computed the last pass, and so the results. */
  public long numComputed() {
    return passes.isEmpty() ? 0 : passes.getLast().numNodes();
  }

  /** {@link #numComputed} per second of all passes. */
  public double nodesPerSecond() {
    double passSeconds = passes.stream().mapToDouble(PassReport::seconds).sum();
    return passSeconds == 0 ? 0 : numComputed() / passSeconds;
  }

  /** The bytes of rows and neighbour ids that were read. */
  public long readBytes() {
    return passes.stream().mapToLong(PassReport::readBytes).sum();
  }
}
