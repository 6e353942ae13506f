package io.millrace.training.inference;

import io.millrace.datasets.Split;
import io.millrace.training.inference.chunks.ResidentLimit;
import io.millrace.training.metrics.Evaluation;
import java.util.List;
import java.util.Map;

/**
 * What an inference came to in this process; work that an earlier run had done is not counted.
 *
 * @param alreadyFinished whether all was there, and nothing was done
 * @param numNodes nodes that results were asked for
 * @param passes over the nodes
 * @param scores how right the predictions are, for each split that has labels among the nodes;
 *     empty for a shard of the work
 * @param seconds in all
 * @param peakResidentBytes the most memory that the process ever had; -1 where that is not known
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

  /** Nodes that this process has computed the last pass of, and so the results. */
  public long numComputed() {
    return passes.isEmpty() ? 0 : passes.getLast().numNodes();
  }

  /** The same a second of all passes. */
  public double nodesPerSecond() {
    double passSeconds = passes.stream().mapToDouble(PassReport::seconds).sum();
    return passSeconds == 0 ? 0 : numComputed() / passSeconds;
  }

  /** Rows and neighbour ids that were read. */
  public long readBytes() {
    return passes.stream().mapToLong(PassReport::readBytes).sum();
  }
}
