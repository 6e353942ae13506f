package io.millrace.tuning.model;

/**
 * A resource of a pipeline and how much of it is used.
 *
 * @param resource its name
 * @param used in the resource's unit
 * @param available in the same unit
 */
public record Limit(String resource, double used, double available) {
  /** A resource counts as exhausted when less than this part of it is left. */
  private static final double TIGHT = 1e-6;

  static Limit of(String resource, double used, double available) {
    return new Limit(resource, used, available);
  }

  /** The unused part, 0 to 1. */
  public double slack() {
    return Math.max(0, 1 - used / available);
  }

  /** Whether the resource bounds the throughput. */
  public boolean binds() {
    return slack() < TIGHT;
  }
}
