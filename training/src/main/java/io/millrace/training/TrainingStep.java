package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.transfer.DeviceBatch;

/**
 * What is done with one batch: learn from it, or only look how well the model does.
 *
 * <p>All arrays of a step are closed when it ends, so the batch can be closed after it; what it
 * came to is given to {@link LateScores}. On a GPU a step is only enqueued when it returns. One
 * thread at a time.
 */
final class TrainingStep {
  private final Network network;
  private final Adam adam;
  private final PtNDArray one; // the gradient of the loss with respect to itself

  TrainingStep(Network network, Adam adam) {
    this.network = network;
    this.adam = adam;
    one = (PtNDArray) network.manager().create(1f);
  }

  /** Forward, backward and a step of the optimizer; a batch without any label is passed over. */
  void train(DeviceBatch batch, LateScores scores) {
    if (batch.numLabelled() == 0) {
      return;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch);
      try (GradMode _ = GradMode.on()) {
        NDArray logits = network.logits(tensors, true);
        NDArray loss = CrossEntropy.mean(logits, tensors.labels());
        scores.add(batch.number(), loss, logits, tensors.labels());
        JniUtils.backward((PtNDArray) loss, one, false, false);
      }
      adam.step();
    }
  }

  /** Forward only: no dropout, the running statistics of batch normalisation, no gradients. */
  void evaluate(DeviceBatch batch, LateScores scores) {
    if (batch.numLabelled() == 0) {
      return;
    }
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch);
      NDArray logits = network.logits(tensors, false);
      NDArray loss = CrossEntropy.mean(logits, tensors.labels());
      scores.add(batch.number(), loss, logits, tensors.labels());
    }
  }
}
