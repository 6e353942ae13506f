package io.millrace.training.optim;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.optim.Schedule.PlateauState;

/**
 * The learning rate of every step: a base rate times what its {@link Schedule} says.
 *
 * <p>Its state is the base rate, which may be changed, and the {@link PlateauState}. One thread.
 */
@Internal
public final class LearningRate {
  private double base;
  private final Schedule schedule;
  private final int stepsPerEpoch;
  private PlateauState plateau = PlateauState.START;

  public LearningRate(double base, Schedule schedule, int stepsPerEpoch) {
    this.base = base;
    this.schedule = schedule;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  public double base() {
    return base;
  }

  /** Changes the base rate, for the steps that follow. */
  public void base(double value) {
    base = value;
  }

  /**
   * @param step from 0, over all epochs
   * @throws BadInputException if the schedule's factor is negative or not finite
   */
  public double at(long step) {
    double rate = base * schedule.factor(step, stepsPerEpoch) * plateau.factor();
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of(
          "schedule gave an impossible learning rate",
          "schedule",
          schedule.getClass().getName(),
          "step",
          step,
          "learningRate",
          rate);
    }
    return rate;
  }

  /**
   * Updates the schedule after an epoch's validation.
   *
   * @param metric the higher the better
   */
  public void epochDone(double metric) {
    plateau = schedule.after(plateau, metric);
  }

  public PlateauState plateau() {
    return plateau;
  }

  /** Continues from another's {@link #plateau}. */
  public void restore(PlateauState value) {
    plateau = value;
  }
}
