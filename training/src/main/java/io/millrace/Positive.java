package io.millrace;

/** Settings that must be above 0. */
@Internal
public final class Positive {
  private Positive() {}

  /**
   * @throws BadInputException if the value is not
   */
  public static int of(String name, int value) {
    if (value < 1) {
      throw BadInputException.of(name + " must be positive", name, value);
    }
    return value;
  }

  /**
   * @throws BadInputException if the value is not, or is infinite
   */
  public static double of(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of(name + " must be positive", name, value);
    }
    return value;
  }
}
