package io.millrace.training.files;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.optim.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Loss and metric of a training as a model file stores them: Millrace's own by their names, a
 * user's by {@link NamedClass}. Nothing is loaded before it is asked for, so a model is served
 * where the classes of its training are missing. Immutable.
 *
 * @param loss none for the usual one of what is predicted
 * @param metric none for one that every evaluation has
 */
@Internal
public record ObjectiveText(Optional<String> loss, Optional<String> metric) {
  public static final ObjectiveText USUAL = new ObjectiveText(Optional.empty(), Optional.empty());

  /** What has to be stored of these two. */
  public static ObjectiveText of(Optional<Loss> loss, Metric metric) {
    return new ObjectiveText(
        loss.filter(it -> !it.equals(Loss.CROSS_ENTROPY) && !it.equals(Loss.BCE))
            .map(ObjectiveText::text),
        Metric.standard().contains(metric) ? Optional.empty() : Optional.of(text(metric)));
  }

  /**
   * @param kind what is predicted
   * @throws BadInputException if its class is missing, or is no loss of such predictions
   */
  public Optional<Loss> findLoss(AnswerKind kind) {
    Optional<Loss> found = loss.map(ObjectiveText::loss);
    found.ifPresent(it -> requireFits("loss", it, it.fits(kind), kind));
    return found;
  }

  /**
   * @param kind what is predicted
   * @throws BadInputException if its class is missing, or is no metric of such predictions
   */
  public Optional<Metric> findMetric(AnswerKind kind) {
    Optional<Metric> found = metric.map(ObjectiveText::metric);
    found.ifPresent(it -> requireFits("metric", it, it.fits(kind), kind));
    return found;
  }

  private static void requireFits(String what, Object stored, boolean fits, AnswerKind kind) {
    if (!fits) {
      throw BadInputException.of(
          what + " does not fit what is predicted", what, stored, "predicted", kind.title());
    }
  }

  /** {@code cross-entropy}, or as {@link NamedClass#text}. */
  public static String text(Loss loss) {
    return Loss.standard().contains(loss) ? label(loss) : NamedClass.text(loss);
  }

  /** {@code f1-macro}, or as {@link NamedClass#text}. */
  public static String text(Metric metric) {
    return Metric.standard().contains(metric) ? label(metric) : NamedClass.text(metric);
  }

  /**
   * The inverse of {@link #text(Loss)}.
   *
   * @throws io.millrace.BadInputException if there is none
   */
  public static Loss loss(String text) {
    return find(text, Loss.standard(), Loss.class, "loss");
  }

  /**
   * The inverse of {@link #text(Metric)}.
   *
   * @throws io.millrace.BadInputException if there is none
   */
  public static Metric metric(String text) {
    return find(text, Metric.standard(), Metric.class, "metric");
  }

  /**
   * A schedule of the user's own, by {@link NamedClass#text}.
   *
   * @param known names of the others, for the message
   * @throws io.millrace.BadInputException if there is none
   */
  public static Schedule schedule(String text, List<String> known) {
    return NamedClass.parse(text, Schedule.class, "schedule", known);
  }

  private static <T> T find(String text, List<T> standard, Class<T> type, String what) {
    return standard.stream()
        .filter(it -> label(it).equals(text))
        .findAny()
        .orElseGet(() -> own(text, type, what, standard.stream().map(it -> label(it)).toList()));
  }

  private static <T> T own(String text, Class<T> type, String what, List<String> known) {
    if (text.matches("[a-z0-9-]*")) { // no class has such a name
      throw BadInputException.of(
          "expected one of " + String.join(", ", known) + " or a class of your own", what, text);
    }
    return NamedClass.parse(text, type, what, known);
  }

  private static String label(Object standard) {
    return standard.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
