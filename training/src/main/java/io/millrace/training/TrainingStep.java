package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.NodeLabels;
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
  private final NodeLabels labels;
  private final Criterion criterion;
  private final OptimizerState optimizer;
  private final LearningRate learningRate;
  private final Optional<Double> clipNorm;
  private final PtNDArray one; // the gradient of the loss with respect to itself

  /**
   * @param labels of the dataset that the batches are from
   * @param clipNorm the longest that the gradient may be
   */
  TrainingStep(
      Network network,
      NodeLabels labels,
      Criterion criterion,
      OptimizerState optimizer,
      LearningRate learningRate,
      Optional<Double> clipNorm) {
    this.network = network;
    this.labels = labels;
    this.criterion = criterion;
    this.optimizer = optimizer;
    this.learningRate = learningRate;
    this.clipNorm = clipNorm;
    one = (PtNDArray) network.manager().create(1f);
  }

  /** Forward, backward and a step of the optimizer; a batch without any label is passed over. */
  void train(DeviceBatch batch, Scores scores) {
    int numTerms = criterion.numTerms(batch.labels());
    if (numTerms == 0) {
      return;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch, labels);
      try (GradMode _ = GradMode.on()) {
        NDArray logits = network.logits(tensors, true);
        NDArray loss = criterion.sum(logits, tensors.labels()).div(numTerms);
        double mean = finite(loss, "epoch", batch.epoch(), batch);
        scores.add(mean, numTerms, logits, batch.labels());
        JniUtils.backward((PtNDArray) loss, one, false, false);
      }
      clipNorm.ifPresent(norm -> GradientClipping.clip(network.learned().values(), norm));
      optimizer.step(learningRate.at(optimizer.numSteps()));
    }
  }

  /** Forward only: no dropout, the running statistics of batch normalisation, no gradients. */
  void evaluate(DeviceBatch batch, Split split, Scores scores) {
    int numTerms = criterion.numTerms(batch.labels());
    if (numTerms == 0) {
      return;
    }
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      BatchTensors tensors = BatchTensors.of(network.manager(), batch, labels);
      NDArray logits = network.logits(tensors, false);
      NDArray loss = criterion.sum(logits, tensors.labels()).div(numTerms);
      double mean = finite(loss, "split", split.fileName(), batch);
      scores.add(mean, numTerms, logits, batch.labels());
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
