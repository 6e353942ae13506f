package io.millrace.training.optim;

/**
 * What a {@link Schedule.Plateau} remembers from epoch to epoch.
 *
 * @param best metric so far
 * @param numWorse epochs since then, or since the last change of the rate
 * @param factor that the learning rate is multiplied by
 */
public record PlateauState(double best, int numWorse, double factor) {
  static final PlateauState START = new PlateauState(Double.NEGATIVE_INFINITY, 0, 1);
}
