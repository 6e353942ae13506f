package io.millrace.training.metrics;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One of Millrace's own metrics: a part of every evaluation of its kind. Immutable. It is made by
 * {@link Metric} only, whose constants they are, so that no thread initialises it first.
 *
 * @param name of the constant, which checkpoints store
 */
record Figure(
    String name,
    String title,
    Set<AnswerKind> kinds,
    boolean isFraction,
    boolean higherIsBetter,
    Function<Evaluation, OptionalDouble> value)
    implements Metric {
  /** Of whatever is right or wrong. */
  private static final Set<AnswerKind> ANY =
      EnumSet.of(AnswerKind.CLASSES, AnswerKind.LABELS, AnswerKind.LINKS);

  /** Without its function, as a text could name it, it is none. */
  Figure {
    Objects.requireNonNull(value, "value");
  }

  static Figure of(String name, String title, Function<Evaluation, OptionalDouble> value) {
    return new Figure(name, title, ANY, true, true, value);
  }

  static Figure ofTargets(
      String name,
      String title,
      boolean higherIsBetter,
      Function<TargetFigures, OptionalDouble> figure) {
    return new Figure(
        name,
        title,
        EnumSet.of(AnswerKind.TARGETS),
        false,
        higherIsBetter,
        it -> it.targets().map(figure).orElse(OptionalDouble.empty()));
  }

  static OptionalDouble defined(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  static Figure ofLinks(String name, String title, ToDoubleFunction<LinkFigures> figure) {
    return new Figure(
        name,
        title,
        EnumSet.of(AnswerKind.LINKS),
        true,
        true,
        it ->
            it.link().isPresent()
                ? OptionalDouble.of(figure.applyAsDouble(it.link().get()))
                : OptionalDouble.empty());
  }

  @Override
  public String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean fits(AnswerKind kind) {
    return kinds.contains(kind);
  }

  @Override
  public OptionalDouble find(Evaluation evaluation) {
    return value.apply(evaluation);
  }

  @Override
  public String toString() {
    return name;
  }
}
