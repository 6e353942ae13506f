package io.millrace.bench;

import io.millrace.datasets.BadInputException;

/** Options that count something. */
final class Positive {
  private Positive() {}

  /**
   * @throws BadInputException if the value is below 1
   */
  static void require(String option, int value) {
    if (value < 1) {
      throw BadInputException.of("option must be positive", option, value);
    }
  }
}
