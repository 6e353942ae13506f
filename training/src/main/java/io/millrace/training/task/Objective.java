package io.millrace.training.task;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.files.NamedClass;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import java.util.Optional;
import java.util.Set;

/**
 * The loss that the model learns by, and the metric that selects the best epoch.
 *
 * @param chosenLoss empty = the usual one for the dataset's labels
 * @param weights of the classes in the loss
 * @param metric decides which epoch is the best
 */
@Internal
public record Objective(Optional<Loss> chosenLoss, ClassWeights weights, Metric metric) {
  /** Figures by these keys are not metrics, but stand next to them. */
  private static final Set<String> OTHER_FIGURES = Set.of("loss", "num_nodes");

  /**
   * @throws BadInputException if a metric of the user's own has the key of another figure
   */
  public Objective {
    String key = metric.key();
    if (!Metric.standard().contains(metric)
        && (OTHER_FIGURES.contains(key)
            || Metric.standard().stream().anyMatch(it -> it.key().equals(key)))) {
      throw BadInputException.of(
          "a metric of your own needs a key that no other figure has", "key", key);
    }
  }

  public Loss loss(NodeLabels labels) {
    return chosenLoss.orElse(Loss.usual(AnswerKind.of(labels)));
  }

  /**
   * @throws BadInputException if loss or weights were chosen, which only classes have, or the
   *     metric is not one of links
   */
  public void requireFitsLinks() {
    if (!metric.fits(AnswerKind.LINKS)) {
      throw BadInputException.of("metric does not fit link prediction", "metric", metric.key());
    }
    if (chosenLoss.isPresent() || !weights.equals(ClassWeights.equal())) {
      throw BadInputException.of(
          "loss and class weights of nodes do not fit link prediction",
          "loss",
          chosenLoss.map(Loss::toString).orElse("none"),
          "weights",
          weights);
    }
  }

  /**
   * @throws BadInputException if loss or metric make no sense for the dataset's labels
   */
  public void requireFits(GraphDataset data) {
    NodeLabels labels = data.labels();
    if (loss(labels).equals(Loss.CROSS_ENTROPY) && labels.isMultiLabel()) {
      throw BadInputException.of(
          "cross-entropy needs one class per node, use BCE for several labels",
          "dataset",
          data.name());
    }
    AnswerKind kind = AnswerKind.of(labels);
    if (kind == AnswerKind.TARGETS && !weights.equals(ClassWeights.equal())) {
      throw BadInputException.of("targets have no class weights", "dataset", data.name());
    }
    requireFits("loss", loss(labels).fits(kind), loss(labels), data, kind);
    requireFits("metric", metric.fits(kind), metric, data, kind);
    if (metric.equals(Metric.ROCAUC) && !labels.isMultiLabel() && labels.numClasses() != 2) {
      throw BadInputException.of(
          "ROC AUC needs two classes or several labels",
          "dataset",
          data.name(),
          "numClasses",
          labels.numClasses());
    }
  }

  private static void requireFits(
      String what, boolean fits, Object chosen, GraphDataset data, AnswerKind kind) {
    if (!fits) {
      throw BadInputException.of(
          what + " does not fit what is predicted",
          what,
          chosen,
          "predicted",
          kind.title(),
          "dataset",
          data.name());
    }
  }

  /**
   * @throws BadInputException if loss or metric are a user's own, and not records of plain values
   */
  public void requireStorable() {
    if (!Metric.standard().contains(metric)) {
      NamedClass.requireStorable(metric, "metric");
    }
    chosenLoss
        .filter(it -> !Loss.standard().contains(it))
        .ifPresent(it -> NamedClass.requireStorable(it, "loss"));
  }

  /** As a model file has it. */
  public ObjectiveText text() {
    return ObjectiveText.of(chosenLoss, metric);
  }
}
