package io.millrace.training.metrics;

import io.millrace.BadInputException;

/** The figure that selects the best epoch. All are 0 to 1, 1 the best. */
public enum Metric {
  ACCURACY,
  /** Area under the ROC curve: two classes, or the mean over several labels. */
  ROCAUC,
  F1_MICRO,
  F1_MACRO;

  /**
   * This figure of an evaluation.
   *
   * @throws BadInputException if the nodes that were looked at do not define it
   */
  public double of(Evaluation evaluation) {
    return switch (this) {
      case ACCURACY -> evaluation.accuracy();
      case F1_MICRO -> evaluation.f1Micro();
      case F1_MACRO -> evaluation.f1Macro();
      case ROCAUC ->
          evaluation
              .rocAuc()
              .orElseThrow(
                  () ->
                      BadInputException.of(
                          "ROC AUC needs two classes or several labels, and nodes of either answer",
                          "numNodes",
                          evaluation.numNodes()));
    };
  }
}
