package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.Optional;

/**
 * Binary cross-entropy of logits: the sum over seeds and classes of {@code -w(c) y log s - (1 - y)
 * log(1 - s)}, where s is the sigmoid of the logit and y whether the seed has label c. Unknown
 * answers are left out. As torch's BCEWithLogitsLoss with pos_weight.
 */
final class BinaryCrossEntropy extends Criterion {
  /** Logits, targets, a weight per term, a weight per class for its positives, reduction. */
  static final TorchOp BCE_WITH_LOGITS =
      TorchOp.of(
          "aten::binary_cross_entropy_with_logits",
          "",
          1,
          Kind.TENSOR,
          Kind.TENSOR,
          Kind.OPTIONAL_TENSOR,
          Kind.OPTIONAL_TENSOR,
          Kind.INT);

  static final long SUM = 2;

  private static final long EACH = 0;

  private final NodeLabels labels;
  private final Optional<NDArray> weights;

  /**
   * @param labels of the dataset
   * @param weights of the positives, {@code [numClasses]}
   */
  BinaryCrossEntropy(NodeLabels labels, Optional<NDArray> weights) {
    this.labels = labels;
    this.weights = weights;
  }

  /**
   * @param answers int64 {@code [numSeeds]} classes, or float32 {@code [numSeeds x numLabels]}, all
   *     known
   * @return a term for each answer: that of a class is the sum over all labels
   */
  static NDArray terms(NDArray logits, NDArray answers) {
    boolean classes = answers.getDataType() == DataType.INT64;
    NDArray targets = classes ? oneLabel(answers, logits) : answers;
    NDArray terms =
        BCE_WITH_LOGITS.call(
            logits.getManager(), logits, targets, Optional.empty(), Optional.empty(), EACH);
    return classes ? terms.sum(new int[] {1}) : terms;
  }

  @Override
  @Internal
  public NDArray sum(NDArray logits, NDArray seedLabels) {
    NDArray answers =
        labels.isMultiLabel()
            ? seedLabels.toType(DataType.FLOAT32, false)
            : oneLabel(seedLabels, logits);
    NDArray known = answers.gte(Scalars.like(answers, 0)).toType(DataType.FLOAT32, false);
    return BCE_WITH_LOGITS.call(
        logits.getManager(),
        logits,
        answers.maximum(Scalars.like(answers, 0)),
        Optional.of(known),
        weights,
        SUM);
  }

  /** 1 at a seed's class and 0 elsewhere; all -1 where the class is not known. */
  private static NDArray oneLabel(NDArray classes, NDArray logits) {
    NDArray columns = logits.getManager().arange(logits.getShape().get(1)).reshape(1, -1);
    NDArray column = classes.toType(DataType.FLOAT32, false).reshape(-1, 1);
    NDArray hit = column.eq(columns).toType(DataType.FLOAT32, false);
    return hit.sub(column.lt(Scalars.like(column, 0)).toType(DataType.FLOAT32, false));
  }

  @Override
  @Internal
  public int numTerms(NodeLabels all, int seed) {
    int count = 0;
    for (int column = 0; column < all.numClasses(); column++) {
      count += all.get(seed, column) == NodeLabels.UNLABELLED ? 0 : 1;
    }
    return count;
  }
}
