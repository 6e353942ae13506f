package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.Internal;
import java.util.Optional;

/** Losses of scores of pairs, as sums. Stateless. */
@Internal
public final class PairCriterion {
  private static final CrossEntropy SOFTMAX = new CrossEntropy(Optional.empty());

  private PairCriterion() {}

  /**
   * Binary cross-entropy.
   *
   * @param scores float32 {@code [numPairs]}
   * @param answers int64 {@code [numPairs]}, 0 or 1
   * @param weights float32 {@code [numPairs]}
   * @return a scalar
   */
  public static NDArray binary(NDArray scores, NDArray answers, NDArray weights) {
    return BinaryCrossEntropy.BCE_WITH_LOGITS.call(
        scores.getManager(),
        scores,
        answers.toType(DataType.FLOAT32, false),
        Optional.of(weights),
        Optional.empty(),
        BinaryCrossEntropy.SUM);
  }

  /**
   * Softmax cross-entropy of each row of a square matrix, whose diagonal is right.
   *
   * @param scores float32 {@code [n x n]}
   * @return a scalar
   */
  public static NDArray softmax(NDArray scores) {
    long count = scores.getShape().get(0);
    NDArray diagonal = scores.getManager().arange(0, count, 1, DataType.INT64, scores.getDevice());
    return SOFTMAX.sum(scores, diagonal);
  }
}
