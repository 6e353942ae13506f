package io.millrace.training;

import io.millrace.training.metrics.Evaluation;
import java.util.Optional;
import java.util.OptionalDouble;

/** Evaluations for tests that look at a few figures only. */
final class Figures {
  private Figures() {}

  static Evaluation evaluation(double accuracy, double loss, long numNodes) {
    return new Evaluation(
        accuracy, accuracy, accuracy, OptionalDouble.empty(), loss, numNodes, Optional.empty());
  }
}
