package io.millrace.datasets;

import io.millrace.Internal;

/**
 * The largest differences between stored feature values and those of the source.
 *
 * @param maxAbsolute the largest difference
 * @param maxRelative the largest difference as a share of the value; 1 where a small value became 0
 */
public record RoundingError(double maxAbsolute, double maxRelative) {
  @Internal public static final RoundingError NONE = new RoundingError(0, 0);

  /** The larger of this one and that of a row stored as float16, which its values fit. */
  @Internal
  public RoundingError andFloat16(float[] row) {
    double absolute = maxAbsolute;
    double relative = maxRelative;
    for (float value : row) {
      double error = Math.abs((double) value - Float.float16ToFloat(Float.floatToFloat16(value)));
      absolute = Math.max(absolute, error);
      relative = Math.max(relative, error == 0 ? 0 : error / Math.abs(value));
    }
    return new RoundingError(absolute, relative);
  }
}
