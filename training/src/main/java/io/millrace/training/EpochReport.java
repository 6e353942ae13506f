package io.millrace.training;

import io.millrace.training.metrics.Evaluation;
import io.millrace.transfer.EpochStats;
import java.util.Locale;

/**
 * The result of an epoch of training.
 *
 * @param epoch from 0
 * @param training accuracy and loss on the training nodes while they were learned from, dropout on
 * @param learningRate of the epoch's last step
 * @param stats what the batches held, and where the time to prepare them went
 */
public record EpochReport(int epoch, Evaluation training, double learningRate, EpochStats stats) {
  public double seconds() {
    return stats.wallNanos() / 1e9;
  }

  public double batchesPerSecond() {
    return stats.numBatches() / seconds();
  }

  /** The share of the epoch that the model waited for data, 0 to 1. */
  public double waitShare() {
    return stats.waitShare();
  }

  /** For people, who count epochs from 1. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "epoch %d: loss %.4f%s, %.2f s, %.1f batches/s, waiting %.1f %%",
        epoch + 1,
        training.loss(),
        Double.isNaN(training.accuracy()) // of targets
            ? ""
            : String.format(Locale.ROOT, ", accuracy %.4f", training.accuracy()),
        seconds(),
        batchesPerSecond(),
        100 * waitShare());
  }
}
