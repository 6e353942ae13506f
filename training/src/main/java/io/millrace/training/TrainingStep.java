package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.transfer.DeviceBatch;
import java.util.Optional;

/**
 * What is done with one batch: learn from it, or only look how well the model does.
 *
 * <p>All arrays of a step are closed when it ends, so the batch can be closed after it. One thread
 * at a time.
 */
final class TrainingStep {
  private final Network network;
  private final OptimizerState optimizer;
  private final LearningRate learningRate;
  private final Optional<Double> clipNorm;
  private final PtNDArray one; // the gradient of the loss with respect to itself

  /**
   * @param clipNorm the longest that the gradient may be
   */
  TrainingStep(
      Network network,
      OptimizerState optimizer,
      LearningRate learningRate,
      Optional<Double> clipNorm) {
    this.network = network;
    this.optimizer = optimizer;
    this.learningRate = learningRate;
    this.clipNorm = clipNorm;
    one = (PtNDArray) network.manager().create(1f);
  }

  /** Forward, backward and a step of the optimizer; a batch without any label is passed over. */
  void train(DeviceBatch batch, Scores scores) {
    if (Scores.numLabelled(batch.labels()) == 0) {
      return;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch);
      try (GradMode _ = GradMode.on()) {
        NDArray logits = network.logits(tensors, true);
        NDArray loss = CrossEntropy.mean(logits, tensors.labels());
        scores.add(finite(loss, "epoch", batch.epoch(), batch), logits, batch.labels());
        JniUtils.backward((PtNDArray) loss, one, false, false);
      }
      clipNorm.ifPresent(norm -> GradientClipping.clip(network.learned().values(), norm));
      optimizer.step(learningRate.at(optimizer.numSteps()));
    }
  }

  /** Forward only: no dropout, the running statistics of batch normalisation, no gradients. */
  void evaluate(DeviceBatch batch, Split split, Scores scores) {
    if (Scores.numLabelled(batch.labels()) == 0) {
      return;
    }
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch);
      NDArray logits = network.logits(tensors, false);
      NDArray loss = CrossEntropy.mean(logits, tensors.labels());
      scores.add(finite(loss, "split", split.fileName(), batch), logits, batch.labels());
    }
  }

  /** Weights that the last step of an epoch has ruined are noticed only by the evaluation. */
  private static float finite(NDArray loss, String kind, Object name, DeviceBatch batch) {
    float value = loss.getFloat();
    if (!Float.isFinite(value)) {
      throw BadInputException.of(
          "loss is not finite, try a lower learning rate or normalised features",
          "loss",
          value,
          kind,
          name,
          "batch",
          batch.number());
    }
    return value;
  }
}
