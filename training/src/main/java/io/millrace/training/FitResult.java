package io.millrace.training;

import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import java.util.List;
import java.util.Optional;

/**
 * The result of a training, by OGB's rule: the test nodes are predicted by the weights of the epoch
 * that was best on the validation nodes.
 *
 * @param metric by which the best epoch was chosen
 * @param bestEpoch the earliest of the epochs that were best on the validation nodes, from 0
 * @param valid on the validation nodes, after that epoch
 * @param tested on the test nodes, with that epoch's weights; empty if none has a label
 * @param epochs every epoch's report
 * @param validations on the validation nodes after every epoch
 * @param numParameters learned values of the model
 * @param seconds the whole training took, evaluation included
 */
public record FitResult(
    Metric metric,
    int bestEpoch,
    Evaluation valid,
    Optional<Evaluation> tested,
    List<EpochReport> epochs,
    List<Evaluation> validations,
    long numParameters,
    double seconds) {

  /** Depends on every batch of every epoch: equal for equal training, whatever the workers. */
  public long batchesDigest() {
    long digest = 0;
    for (EpochReport epoch : epochs) {
      digest = 31 * digest + epoch.stats().batchesDigest();
    }
    return digest;
  }

  /** The metric on the validation nodes, after the best epoch. */
  public double validMetric() {
    return metric.of(valid);
  }

  /**
   * On the test nodes, with the best epoch's weights.
   *
   * @throws IllegalStateException if there are none with labels, see {@link #tested}
   */
  public Evaluation test() {
    return tested.orElseThrow(() -> new IllegalStateException("no test node has a label"));
  }

  /** The metric on the test nodes, as {@link #test}. */
  public double testMetric() {
    return metric.of(test());
  }

  /** Mean time of an epoch of training, without evaluation. */
  public double epochSeconds() {
    return epochs.stream().mapToDouble(EpochReport::seconds).average().orElseThrow();
  }

  /** The share of all epochs' time that the model waited for data, 0 to 1. */
  public double waitShare() {
    double waited = epochs.stream().mapToLong(it -> it.stats().consumerWaitNanos()).sum();
    return waited / epochs.stream().mapToLong(it -> it.stats().wallNanos()).sum();
  }
}
