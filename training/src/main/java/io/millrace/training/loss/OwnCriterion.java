package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.torch.Scalars;

/**
 * The sum of the terms of a {@link Loss} that gives them one by one. Unknown answers are taken out
 * before: they reach the loss as 0, and their terms count nothing.
 */
final class OwnCriterion extends Criterion {
  private final Loss loss;
  private final AnswerKind kind;

  OwnCriterion(Loss loss, AnswerKind kind) {
    this.loss = loss;
    this.kind = kind;
  }

  @Override
  @Internal
  public NDArray sum(NDArray output, NDArray labels) {
    boolean targets = kind == AnswerKind.TARGETS;
    NDArray known = targets ? labels.eq(labels) : labels.gte(Scalars.like(labels, 0));
    NDArray answers =
        targets
            ? NDArrays.where(known, labels, labels.zerosLike()) // a NaN is not equal to itself
            : labels.maximum(Scalars.like(labels, 0));
    if (kind != AnswerKind.CLASSES) {
      answers = answers.toType(DataType.FLOAT32, false);
    }
    NDArray terms = loss.terms(output, answers);
    requireShape(terms, labels.getShape());
    return terms.mul(known.toType(DataType.FLOAT32, false)).sum();
  }

  private void requireShape(NDArray terms, Shape expected) {
    if (!terms.getShape().equals(expected)) {
      throw BadInputException.of(
          "a loss must give a term for each answer",
          "loss",
          loss.getClass().getName(),
          "shape",
          terms.getShape(),
          "expected",
          expected);
    }
  }

  @Override
  @Internal
  public int numTerms(NodeLabels all, int seed) {
    if (kind == AnswerKind.CLASSES) {
      return all.isLabelled(seed) ? 1 : 0;
    }
    int count = 0;
    for (int column = 0; column < all.numClasses(); column++) {
      count += all.isKnown(seed, column) ? 1 : 0;
    }
    return count;
  }
}
