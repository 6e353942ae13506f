package io.millrace.sampler.draw;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Tests of goodness of fit. */
public final class ChiSquare {
  private ChiSquare() {}

  /**
   * The value that a chi-square exceeds once in a million times, by Wilson and Hilferty's
   * approximation.
   */
  public static void assertBelowCritical(double chiSquare, double freedom, String what) {
    double a = 2 / (9 * freedom);
    double critical = freedom * Math.pow(1 - a + 4.75 * Math.sqrt(a), 3);
    assertTrue(chiSquare < critical, what + ": chi-square=" + chiSquare + ", critical=" + critical);
  }
}
