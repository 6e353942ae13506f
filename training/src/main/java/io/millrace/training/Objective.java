package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import java.util.Optional;

/**
 * The loss that the model learns by, and the metric that selects the best epoch.
 *
 * @param chosenLoss empty = the usual one for the dataset's labels
 * @param weights of the classes in the loss
 * @param metric decides which epoch is the best
 */
record Objective(Optional<Loss> chosenLoss, ClassWeights weights, Metric metric) {
  Loss loss(NodeLabels labels) {
    return chosenLoss.orElse(labels.isMultiLabel() ? Loss.BCE : Loss.CROSS_ENTROPY);
  }

  /**
   * @throws BadInputException if loss or weights were chosen, which only classes have
   */
  void requireNoClasses() {
    if (chosenLoss.isPresent() || !weights.equals(ClassWeights.equal())) {
      throw BadInputException.of(
          "loss and class weights of nodes do not fit link prediction",
          "loss",
          chosenLoss.map(Loss::name).orElse("none"),
          "weights",
          weights);
    }
  }

  /**
   * @throws BadInputException if loss or metric make no sense for the dataset's labels
   */
  void requireFits(GraphDataset data) {
    NodeLabels labels = data.labels();
    if (loss(labels) == Loss.CROSS_ENTROPY && labels.isMultiLabel()) {
      throw BadInputException.of(
          "cross-entropy needs one class per node, use BCE for several labels",
          "dataset",
          data.name());
    }
    if (metric.ofLinks()) {
      throw BadInputException.of(
          metric.title() + " is of link prediction", "dataset", data.name(), "metric", metric);
    }
    if (metric == Metric.ROCAUC && !labels.isMultiLabel() && labels.numClasses() != 2) {
      throw BadInputException.of(
          "ROC AUC needs two classes or several labels",
          "dataset",
          data.name(),
          "numClasses",
          labels.numClasses());
    }
  }
}
