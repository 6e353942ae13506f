package io.millrace.sweeps.space;

import io.millrace.BadInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.random.RandomGenerator;

/** The values that a setting may have. Immutable. */
public sealed interface Parameter {
  /** A value at random. */
  String draw(RandomGenerator random);

  /** Another value near one of its values, as population-based training changes it. */
  String near(String value, RandomGenerator random);

  /** The values whose validity implies that of all others: each of a list, or both ends. */
  List<String> extremes();

  /** Every value, in order; empty if they are not a list. */
  default List<String> list() {
    return List.of();
  }

  /**
   * One of a list, all equally likely.
   *
   * @param values at least one; one alone is a constant
   */
  record Choice(List<String> values) implements Parameter {
    public Choice {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw BadInputException.of("a list of values must not be empty", "values", values);
      }
    }

    @Override
    public String draw(RandomGenerator random) {
      return values.get(random.nextInt(values.size()));
    }

    /** The value before or after it. */
    @Override
    public String near(String value, RandomGenerator random) {
      int step = random.nextBoolean() ? 1 : -1;
      int place = values.indexOf(value);
      return values.get(Math.clamp((long) place + step, 0, values.size() - 1));
    }

    @Override
    public List<String> extremes() {
      return values;
    }

    @Override
    public List<String> list() {
      return values;
    }
  }

  /** How the values of a range are distributed. */
  enum Scale {
    /** Every number equally likely. */
    UNIFORM,
    /** Every logarithm equally likely. */
    LOG,
    /** Every whole number equally likely. */
    INT
  }

  /** Numbers have so many digits, so that a table can show what was trained. */
  MathContext DIGITS = new MathContext(4);

  /**
   * Numbers from {@code low} to {@code high}.
   *
   * @param low above 0 for {@link Scale#LOG}
   */
  record Range(Scale scale, double low, double high) implements Parameter {
    private static final double UP = 1.2;
    private static final double DOWN = 0.8;

    public Range {
      boolean finite = Double.isFinite(low) && Double.isFinite(high);
      if (!finite || low > high) {
        throw BadInputException.of("a range has a low and a high end", "low", low, "high", high);
      }
      if (scale == Scale.LOG && low <= 0) {
        throw BadInputException.of("a logarithmic range begins above 0", "low", low);
      }
      if (scale == Scale.INT && (low != (int) low || high != (int) high)) {
        throw BadInputException.of("a range of whole numbers", "low", low, "high", high);
      }
    }

    @Override
    public String draw(RandomGenerator random) {
      double unit = random.nextDouble();
      return switch (scale) {
        case UNIFORM -> text(low + unit * (high - low));
        case LOG -> text(Math.exp(Math.log(low) + unit * (Math.log(high) - Math.log(low))));
        case INT -> text(random.nextLong((long) low, (long) high + 1));
      };
    }

    /** A fifth more or less. */
    @Override
    public String near(String value, RandomGenerator random) {
      return text(Double.parseDouble(value) * (random.nextBoolean() ? UP : DOWN));
    }

    @Override
    public List<String> extremes() {
      return List.of(text(low), text(high));
    }

    private String text(double number) {
      double inside = Math.clamp(number, low, high);
      if (scale == Scale.INT) {
        return String.valueOf(Math.round(inside));
      }
      double rounded = new BigDecimal(inside).round(DIGITS).doubleValue();
      return String.valueOf(Math.clamp(rounded, low, high));
    }
  }
}
