package io.millrace.training;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.TorchOp.Kind;

/** Softmax cross-entropy, averaged over the seeds that have a label. Stateless. */
final class CrossEntropy {
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

  private static final long MEAN = 1;
  private static final long IGNORED = NodeLabels.UNLABELLED;

  private CrossEntropy() {}

  /**
   * @param logits float32 {@code [numSeeds x numClasses]}
   * @param labels int64 {@code [numSeeds]}, at least one of them known
   * @return a scalar
   */
  static NDArray mean(NDArray logits, NDArray labels) {
    return CROSS_ENTROPY.call(logits.getManager(), logits, labels, null, MEAN, IGNORED, 0.0);
  }
}
