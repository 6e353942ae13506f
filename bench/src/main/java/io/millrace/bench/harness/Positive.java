package io.millrace.bench.harness;

import io.millrace.BadInputException;

/** Options that count something. */
public final class Positive {
  private Positive() {}

  /**
   * @throws BadInputException if the value is below 1
   */
  public static void require(String option, int value) {
    if (value < 1) {
      throw BadInputException.of("option must be positive", option, value);
    }
  }
}
