package io.millrace.training.metrics;

import io.millrace.BadInputException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure of an {@link Evaluation} that can select the best epoch.
 *
 * <p>A metric of your own implements {@link #key}, {@link #fits} and one of two methods: {@link
 * #find} computes it from the figures that every evaluation has, {@link #newMeter} from each
 * prediction. Make it a record, whose components are its settings: then a model file stores it by
 * the name of its class, and so does a checkpoint. Immutable, and called by one thread at a time.
 */
public interface Metric {
  /** Share of the right predictions, 0 to 1. */
  Metric ACCURACY = Figure.of("ACCURACY", "accuracy", it -> OptionalDouble.of(it.accuracy()));

  /** F1 over all predictions together, 0 to 1. */
  Metric F1_MICRO = Figure.of("F1_MICRO", "micro F1", it -> OptionalDouble.of(it.f1Micro()));

  /** Mean of the classes' F1, 0 to 1. */
  Metric F1_MACRO = Figure.of("F1_MACRO", "macro F1", it -> OptionalDouble.of(it.f1Macro()));

  /** Area under the ROC curve, 0 to 1: two classes, or the mean over several labels. */
  Metric ROCAUC = Figure.of("ROCAUC", "ROC AUC", Evaluation::rocAuc);

  /** Area under the curve of precision over recall, by thresholds, 0 to 1. Of links. */
  Metric AVERAGE_PRECISION =
      Figure.ofLinks("AVERAGE_PRECISION", "average precision", LinkFigures::averagePrecision);

  /** Mean reciprocal rank of a link among its own negatives, 0 to 1. Of links. */
  Metric MRR = Figure.ofLinks("MRR", "MRR", LinkFigures::mrr);

  /** Share of links above the 50th highest of all negatives, 0 to 1. Of links. */
  Metric HITS_50 = Figure.ofLinks("HITS_50", "Hits@50", LinkFigures::hits50);

  /** Coefficient of determination, at most 1. Of targets; see {@link TargetFigures}. */
  Metric R2 = Figure.ofTargets("R2", "R2", true, TargetFigures::r2);

  /** Root of the mean squared error, the lower the better. Of targets. */
  Metric RMSE = Figure.ofTargets("RMSE", "RMSE", false, it -> Figure.defined(it.rmse()));

  /** Mean absolute error, the lower the better. Of targets. */
  Metric MAE = Figure.ofTargets("MAE", "MAE", false, it -> Figure.defined(it.mae()));

  /** Millrace's own, in the order in which results have them. */
  static List<Metric> standard() {
    return List.of(
        ACCURACY, F1_MICRO, F1_MACRO, ROCAUC, AVERAGE_PRECISION, MRR, HITS_50, R2, RMSE, MAE);
  }

  /** The one that is used if none is chosen. */
  static Metric usual(AnswerKind kind) {
    return switch (kind) {
      case CLASSES, LABELS -> ACCURACY;
      case LINKS -> ROCAUC;
      case TARGETS -> R2;
    };
  }

  /**
   * The name in JSON and in {@link Evaluation#figures}, for instance {@code f1_macro}: one that no
   * other figure has.
   */
  String key();

  /** The name in a sentence, for instance {@code macro F1}. */
  default String title() {
    return key();
  }

  /** Whether it is a figure of such predictions. */
  boolean fits(AnswerKind kind);

  /** Whether it is from 0 to 1, so that it is shown in percent; by default not. */
  default boolean isFraction() {
    return false;
  }

  /** Whether the best value is the highest, as by default, or the lowest. */
  default boolean higherIsBetter() {
    return true;
  }

  /**
   * This figure of an evaluation; none if what was looked at does not define it. By default what
   * the {@link #newMeter} found.
   */
  default OptionalDouble find(Evaluation evaluation) {
    return evaluation.own(this);
  }

  /** For one evaluation; by default none. */
  default Optional<Meter> newMeter() {
    return Optional.empty();
  }

  /** Reads the predictions of an evaluation one after the other. Used by one thread. */
  interface Meter {
    /**
     * @param output of the model for a node: a value per column; or the score of a pair
     * @param answers what is right: the class of the node; 1 or 0 for each label, or the number for
     *     each target, NaN if unknown; 1 for a linked pair and 0 for another. Nodes without an
     *     answer are left out
     */
    void add(float[] output, float[] answers);

    /** Of all that was added; NaN if that does not define it. */
    double value();
  }

  /**
   * This figure of an evaluation.
   *
   * @throws BadInputException if what was looked at does not define it
   */
  default double of(Evaluation evaluation) {
    return find(evaluation).stream()
        .filter(it -> !Double.isNaN(it)) // it has no order, so no epoch would be the best
        .findAny()
        .orElseThrow(
            () ->
                BadInputException.of(
                    this == ROCAUC
                        ? "ROC AUC needs two classes or several labels, and nodes of both answers"
                        : title() + " is not defined for what was predicted",
                    "numNodes",
                    evaluation.numNodes()));
  }

  /** The figure as a value that is the higher the better. */
  default double goodness(Evaluation evaluation) {
    return higherIsBetter() ? of(evaluation) : -of(evaluation);
  }
}
