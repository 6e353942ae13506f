package io.millrace.training;

/**
 * The learning rate of every step: a base rate times what its {@link Schedule} says.
 *
 * <p>All it remembers is the {@link PlateauState}. One thread.
 */
final class LearningRate {
  private final double base;
  private final Schedule schedule;
  private final int stepsPerEpoch;
  private PlateauState plateau = PlateauState.START;

  LearningRate(double base, Schedule schedule, int stepsPerEpoch) {
    this.base = base;
    this.schedule = schedule;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * @param step from 0, over all epochs
   */
  double at(long step) {
    return base * schedule.factor(step, stepsPerEpoch) * plateau.factor();
  }

  /**
   * Takes note of an epoch's validation.
   *
   * @param metric the higher the better
   */
  void epochDone(double metric) {
    plateau = schedule.after(plateau, metric);
  }

  PlateauState plateau() {
    return plateau;
  }

  /** Goes on from another's {@link #plateau}. */
  void restore(PlateauState value) {
    plateau = value;
  }
}
