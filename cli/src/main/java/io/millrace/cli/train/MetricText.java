package io.millrace.cli.train;

import io.millrace.training.metrics.Metric;

/** Metrics as the command writes them. */
final class MetricText {
  private MetricText() {}

  static String name(Metric metric) {
    return switch (metric) {
      case ACCURACY -> "accuracy";
      case ROCAUC -> "ROC AUC";
      case F1_MICRO -> "micro F1";
      case F1_MACRO -> "macro F1";
    };
  }
}
