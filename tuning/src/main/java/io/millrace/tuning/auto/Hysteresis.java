package io.millrace.tuning.auto;

/**
 * How much evidence a change needs, and how long the controller waits after one that did not pay.
 *
 * @param minGain a smaller gain is not worth a change, as a fraction
 * @param deviations nor is one of fewer median absolute deviations of the last windows' rates
 * @param confirmed whether a gain of few windows must be larger: of {@code n} windows, {@code 1 + 5
 *     / n} times
 * @param firstPause seconds after the first change that did not pay; each further one doubles it
 * @param longestPause seconds
 */
record Hysteresis(
    double minGain, double deviations, boolean confirmed, double firstPause, double longestPause) {
  /** So that the rates of an hour, with a change every 5 minutes, hardly ever look like a gain. */
  private static final double FEW_WINDOWS = 5;

  static final Hysteresis STANDARD = new Hysteresis(.03, 2, true, 10, 300);

  /** Any gain counts, at once: follows noise. For comparison. */
  static final Hysteresis NONE = new Hysteresis(0, 0, false, 0, 0);

  /** The gain that is worth a change, given the deviation of the rates as a fraction of them. */
  double worthwhile(double deviation) {
    return Math.max(minGain, deviations * deviation);
  }

  /**
   * The mean gain that decides.
   *
   * @param numWindows that were measured, the harmonic mean of those before and after the change
   */
  double decisive(double deviation, double numWindows) {
    return worthwhile(deviation) * (confirmed ? 1 + FEW_WINDOWS / numWindows : 1);
  }

  /** A mean gain over some windows that is less is given up. */
  double hopeless(double deviation, double numWindows) {
    return worthwhile(deviation) * (confirmed ? 1 - FEW_WINDOWS / numWindows : 1);
  }
}
