package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.torch.TorchOp;
import io.millrace.training.torch.TorchOp.Kind;
import java.util.Optional;

/**
 * Softmax cross-entropy: the sum over the labelled seeds of {@code w(y) * -log p(y)}, where y is a
 * seed's class.
 *
 * <p>torch divides the sum by the batch's weights; here it is divided by the number of seeds, and
 * the weights have a mean of 1 over the training nodes. Over all of them that is the same, and a
 * batch's gradient is an unbiased estimate of it, which a quotient of two sums over a batch is not.
 */
final class CrossEntropy extends Criterion {
  /** Logits, labels, class weights, reduction, the label to ignore, label smoothing. */
  private static final TorchOp CROSS_ENTROPY =
      TorchOp.of(
          "aten::cross_entropy_loss",
          "",
          1,
          Kind.TENSOR,
          Kind.TENSOR,
          Kind.OPTIONAL_TENSOR,
          Kind.INT,
          Kind.INT,
          Kind.FLOAT);

  private static final long EACH = 0;
  private static final long SUM = 2;
  private static final long IGNORED = NodeLabels.UNLABELLED;

  private final Optional<NDArray> weights;

  /**
   * @param weights {@code [numClasses]}
   */
  CrossEntropy(Optional<NDArray> weights) {
    this.weights = weights;
  }

  /**
   * @param classes int64 {@code [numSeeds]}, all known
   */
  static NDArray terms(NDArray logits, NDArray classes) {
    return CROSS_ENTROPY.call(
        logits.getManager(), logits, classes, Optional.empty(), EACH, IGNORED, 0.0);
  }

  @Override
  @Internal
  public NDArray sum(NDArray logits, NDArray labels) {
    return CROSS_ENTROPY.call(logits.getManager(), logits, labels, weights, SUM, IGNORED, 0.0);
  }

  @Override
  @Internal
  public int numTerms(NodeLabels labels, int seed) {
    return labels.isLabelled(seed) ? 1 : 0;
  }
}
