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
 * @param targets what only a regression has: there the figures of classes are NaN
 * @param own what the {@link Metric.Meter} of the training's own metric found, if it has one
 */
public record Evaluation(
    double accuracy,
    double f1Micro,
    double f1Macro,
    OptionalDouble rocAuc,
    double loss,
    long numNodes,
    Optional<ConfusionMatrix> confusion,
    Optional<LinkFigures> link,
    Optional<TargetFigures> targets,
    Optional<OwnFigure> own) {
  /** Evaluations that were stored before lack the last parts. */
  public Evaluation {
    link = link == null ? Optional.empty() : link;
    targets = targets == null ? Optional.empty() : targets;
    own = own == null ? Optional.empty() : own;
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
    this(
        accuracy,
        f1Micro,
        f1Macro,
        rocAuc,
        loss,
        numNodes,
        confusion,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Of targets. */
  static Evaluation of(TargetFigures figures, double loss, long numNodes) {
    return new Evaluation(
        Double.NaN,
        Double.NaN,
        Double.NaN,
        OptionalDouble.empty(),
        loss,
        numNodes,
        Optional.empty(),
        Optional.empty(),
        Optional.of(figures),
        Optional.empty());
  }

  /** The same with the value of a metric of the user's own. */
  Evaluation with(OwnFigure figure) {
    return new Evaluation(
        accuracy,
        f1Micro,
        f1Macro,
        rocAuc,
        loss,
        numNodes,
        confusion,
        link,
        targets,
        Optional.of(figure));
  }

  /** What the meter of a metric found; none if it has none, or what it saw does not define it. */
  OptionalDouble own(Metric metric) {
    return own.filter(it -> it.key().equals(metric.key()) && !Double.isNaN(it.value()))
        .map(it -> OptionalDouble.of(it.value()))
        .orElse(OptionalDouble.empty());
  }

  /**
   * Every {@link Metric} of the task by its {@link Metric#key}, in their order, and the user's own
   * at the end; an undefined one is null, as JSON has it. A new, mutable map.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (Metric metric : Metric.standard()) {
      if (metric.fits(kind())) {
        OptionalDouble value = metric.find(this);
        metrics.put(metric.key(), value.isPresent() ? value.getAsDouble() : null);
      }
    }
    own.ifPresent(it -> metrics.put(it.key(), Double.isFinite(it.value()) ? it.value() : null));
    return metrics;
  }

  /** Labels of nodes have the metrics of classes. */
  private AnswerKind kind() {
    if (targets.isPresent()) {
      return AnswerKind.TARGETS;
    }
    return link.isPresent() ? AnswerKind.LINKS : AnswerKind.CLASSES;
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
    if (targets.isPresent()) {
      String figures = "";
      if (targets.get().r2().isPresent()) {
        figures =
            format("R2 %.4f, RMSE %.4f, ", targets.get().r2().getAsDouble(), targets.get().rmse());
      }
      return format("%sloss %.4f, %d nodes", figures, loss, numNodes);
    }
    String auc = rocAuc.isPresent() ? format(", ROC AUC %.4f", rocAuc.getAsDouble()) : "";
    String what = link.isPresent() ? "pairs" : "nodes";
    return format("accuracy %.4f%s, loss %.4f, %d %s", accuracy, auc, loss, numNodes, what);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
