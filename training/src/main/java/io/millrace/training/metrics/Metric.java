package io.millrace.training.metrics;

import io.millrace.BadInputException;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A figure of an {@link Evaluation} that can select the best epoch. All are 0 to 1, 1 the best, and
 * are listed in the order in which results have them.
 */
public enum Metric {
  ACCURACY("accuracy", evaluation -> OptionalDouble.of(evaluation.accuracy())),
  F1_MICRO("micro F1", evaluation -> OptionalDouble.of(evaluation.f1Micro())),
  F1_MACRO("macro F1", evaluation -> OptionalDouble.of(evaluation.f1Macro())),
  /** Area under the ROC curve: two classes, or the mean over several labels. */
  ROCAUC("ROC AUC", Evaluation::rocAuc),
  /** Area under the curve of precision over recall, by thresholds. Of links. */
  AVERAGE_PRECISION("average precision", ofLink(LinkFigures::averagePrecision)),
  /** Mean reciprocal rank of a link among its own negatives. Of links. */
  MRR("MRR", ofLink(LinkFigures::mrr)),
  /** Share of links above the 50th highest of all negatives. Of links. */
  HITS_50("Hits@50", ofLink(LinkFigures::hits50));

  private final String title;
  private final Function<Evaluation, OptionalDouble> value;

  Metric(String title, Function<Evaluation, OptionalDouble> value) {
    this.title = title;
    this.value = value;
  }

  private static Function<Evaluation, OptionalDouble> ofLink(ToDoubleFunction<LinkFigures> figure) {
    return evaluation ->
        evaluation.link().isPresent()
            ? OptionalDouble.of(figure.applyAsDouble(evaluation.link().get()))
            : OptionalDouble.empty();
  }

  /** Whether only link prediction has it. */
  public boolean ofLinks() {
    return ordinal() >= AVERAGE_PRECISION.ordinal();
  }

  /** The name in a sentence, for instance {@code macro F1}. */
  public String title() {
    return title;
  }

  /** The name in JSON and in {@link Evaluation#figures}, for instance {@code f1_macro}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** This figure of an evaluation; none if the nodes that were looked at do not define it. */
  public OptionalDouble find(Evaluation evaluation) {
    return value.apply(evaluation);
  }

  /**
   * This figure of an evaluation.
   *
   * @throws BadInputException if the nodes that were looked at do not define it
   */
  public double of(Evaluation evaluation) {
    return find(evaluation)
        .orElseThrow(
            () ->
                BadInputException.of(
                    title + " needs two classes or several labels, and nodes of both answers",
                    "numNodes",
                    evaluation.numNodes()));
  }
}
