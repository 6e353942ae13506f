package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.torch.Scalars;

/**
 * One of Millrace's own losses of targets. Immutable. It is made by {@link Loss} only, whose
 * constants they are, so that no thread initialises it first.
 *
 * @param name of the constant, which checkpoints store
 */
record ErrorLoss(String name) implements Loss {
  @Override
  public boolean fits(AnswerKind kind) {
    return kind == AnswerKind.TARGETS;
  }

  @Override
  public NDArray terms(NDArray output, NDArray answers) {
    NDArray error = output.sub(answers);
    if (equals(MSE)) {
      return error.square();
    }
    NDArray size = error.abs();
    if (equals(MAE)) {
      return size;
    }
    NDArray near = size.minimum(Scalars.like(size, 1));
    return near.mul(size.sub(near.mul(Scalars.like(size, 0.5f))));
  }

  @Override
  public String toString() {
    return name;
  }
}
