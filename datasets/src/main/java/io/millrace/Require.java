package io.millrace;

/** Checks of settings, with one message for each rule. */
@Internal
public final class Require {
  private static final int MAX_THREADS = 1024;

  private Require() {}

  /**
   * Returns the value.
   *
   * @param name of the setting, as the user knows it
   * @throws BadInputException if the value is below 1
   */
  public static int positive(String name, int value) {
    if (value < 1) {
      throw BadInputException.of(name + " must be positive", name, value);
    }
    return value;
  }

  /**
   * Returns a number of threads.
   *
   * @param name of the setting, as the user knows it
   * @throws BadInputException if the value is below 1, or more threads than start and end in
   *     seconds
   */
  public static int threads(String name, int value) {
    return positive(name, value, MAX_THREADS);
  }

  /**
   * Returns the value.
   *
   * @param name of the setting, as the user knows it
   * @throws BadInputException if the value is below 1 or above the largest
   */
  public static int positive(String name, int value, int max) {
    if (positive(name, value) > max) {
      throw BadInputException.of(name + " is too large", name, value, "max", max);
    }
    return value;
  }

  /**
   * Returns the value.
   *
   * @param name of the setting, as the user knows it
   * @throws BadInputException if the value is not above 0, or not finite
   */
  public static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of(name + " must be positive", name, value);
    }
    return value;
  }
}
