package io.millrace.training.metrics;

import io.millrace.Internal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The figures of a model on a set of nodes. Nodes without a label are left out, and so is each
 * unknown one of several labels.
 *
 * @param accuracy share of the nodes whose class is predicted right, or, where a node can have
 *     several labels, share of the right yes or no answers, 0 to 1
 * @param f1Micro F1 over all predictions together; equals the accuracy if a node has one class
 * @param f1Macro mean over the classes of each one's F1, see {@code ClassCounts}
 * @param rocAuc area under the ROC curve, see {@code RocAuc}; the mean over the labels if there are
 *     several; none for more than two classes, while training, or if all answers are the same
 * @param loss mean per node, or per answer, in nats, with the class weights of the training
 * @param numNodes labelled nodes that were looked at, or pairs
 * @param confusion which class was taken for which; none while training, or for several labels
 * @param link what only link prediction has: there the figures are those of pairs, linked ones and
 *     others, and a pair is predicted to be linked if its score is above 0
 */
public record Evaluation(
    double accuracy,
    double f1Micro,
    double f1Macro,
    OptionalDouble rocAuc,
    double loss,
    long numNodes,
    Optional<ConfusionMatrix> confusion,
    Optional<LinkFigures> link) {
  /** Evaluations that were stored before have no last part. */
  public Evaluation {
    link = link == null ? Optional.empty() : link;
  }

  /** Of nodes. */
  @Internal
  public Evaluation(
      double accuracy,
      double f1Micro,
      double f1Macro,
      OptionalDouble rocAuc,
      double loss,
      long numNodes,
      Optional<ConfusionMatrix> confusion) {
    this(accuracy, f1Micro, f1Macro, rocAuc, loss, numNodes, confusion, Optional.empty());
  }

  /**
   * Every {@link Metric} of the task by its {@link Metric#key}, in their order; an undefined one is
   * null, as JSON has it. A new, mutable map.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      if (!metric.ofLinks() || link.isPresent()) {
        OptionalDouble value = metric.find(this);
        metrics.put(metric.key(), value.isPresent() ? value.getAsDouble() : null);
      }
    }
    return metrics;
  }

  /**
   * All figures by their names in JSON: the {@link #metrics}, then {@code loss}, null unless it is
   * finite, and {@code num_nodes}. A new, mutable map.
   */
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>(metrics());
    figures.put("loss", Double.isFinite(loss) ? loss : null);
    figures.put("num_nodes", numNodes);
    return figures;
  }

  @Override
  public String toString() {
    String auc = rocAuc.isPresent() ? format(", ROC AUC %.4f", rocAuc.getAsDouble()) : "";
    String what = link.isPresent() ? "pairs" : "nodes";
    return format("accuracy %.4f%s, loss %.4f, %d %s", accuracy, auc, loss, numNodes, what);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
