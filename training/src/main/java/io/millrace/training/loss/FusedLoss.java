package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import io.millrace.training.metrics.AnswerKind;

/**
 * One of Millrace's own losses of classes, for which torch has one operation; {@link CrossEntropy}
 * and {@link BinaryCrossEntropy} compute their sums. Immutable. It is made by {@link Loss} only,
 * whose constants they are, so that no thread initialises it first.
 *
 * @param name of the constant, which checkpoints store
 */
record FusedLoss(String name) implements Loss {
  @Override
  public boolean fits(AnswerKind kind) {
    return kind == AnswerKind.CLASSES || kind == AnswerKind.LABELS && equals(BCE);
  }

  @Override
  public NDArray terms(NDArray output, NDArray answers) {
    return equals(BCE)
        ? BinaryCrossEntropy.terms(output, answers)
        : CrossEntropy.terms(output, answers);
  }

  @Override
  public String toString() {
    return name;
  }
}
