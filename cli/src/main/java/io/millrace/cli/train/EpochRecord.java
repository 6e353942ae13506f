package io.millrace.cli.train;

import io.millrace.training.EpochReport;
import io.millrace.training.inference.chunks.ResidentLimit;
import io.millrace.training.metrics.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An epoch as names and numbers: a line of {@code epochs.csv} and {@code epochs.jsonl}. Epochs
 * count from 1, shares and metrics are fractions, and a missing figure is null. Times of the
 * workers are summed over all workers. {@code resident_bytes} is the memory of the process at this
 * moment.
 */
final class EpochRecord {
  private static final double NANOS = 1e9;

  private EpochRecord() {}

  static Map<String, Object> of(EpochReport report, Evaluation valid) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("epoch", report.epoch() + 1);
    figures.put("learning_rate", report.learningRate());
    figures.put("train_loss", report.training().loss());
    double accuracy = report.training().accuracy();
    figures.put("train_accuracy", Double.isNaN(accuracy) ? null : accuracy); // of targets
    figures.put("valid_loss", valid.loss());
    valid.metrics().forEach((name, value) -> figures.put("valid_" + name, value));
    figures.put("seconds", report.seconds());
    figures.put("wait_seconds", report.stats().consumerWaitNanos() / NANOS);
    figures.put("sample_seconds", report.stats().sampleNanos() / NANOS);
    figures.put("slice_seconds", report.stats().sliceNanos() / NANOS);
    figures.put("slot_wait_seconds", report.stats().slotWaitNanos() / NANOS);
    figures.put("batches", report.stats().numBatches());
    figures.put("nodes", report.stats().numNodes());
    figures.put("edges", report.stats().numEdges());
    long residentBytes = ResidentLimit.residentBytes();
    figures.put("resident_bytes", residentBytes < 0 ? null : residentBytes);
    return figures;
  }
}
