package io.millrace.sweeps;

import io.millrace.sweeps.schedule.FullTraining;
import io.millrace.sweeps.schedule.PopulationTraining;
import io.millrace.sweeps.schedule.PromotingAsha;
import io.millrace.sweeps.schedule.Rungs;
import io.millrace.sweeps.schedule.StoppingAsha;
import io.millrace.sweeps.schedule.SuccessiveHalving;
import io.millrace.sweeps.schedule.TrialScheduler;

/**
 * Which scheduler a sweep has, and its settings. Immutable.
 *
 * @param maxEpochs that a trial trains at most
 * @param grace epochs that each trial trains before it is compared; at least the warm-up of the
 *     learning rate, before which scores mislead
 * @param eta of how many trials one goes on at each rung
 * @param promotion whether ASHA pauses trials at rungs and promotes the best, or else stops the bad
 *     ones
 * @param interval epochs between two rounds of population-based training
 */
public record ScheduleOptions(
    SchedulerKind kind, int maxEpochs, int grace, int eta, boolean promotion, int interval) {
  /** Default of {@link #maxEpochs}. */
  public static final int MAX_EPOCHS = 27;

  /** Default of {@link #eta}. */
  public static final int ETA = 3;

  /** Default of {@link #interval}. */
  public static final int INTERVAL = 3;

  /** ASHA in its promotion form, with a grace of 1. */
  public static ScheduleOptions asha(int maxEpochs) {
    return of(SchedulerKind.ASHA, maxEpochs);
  }

  /** With the defaults for everything else. */
  public static ScheduleOptions of(SchedulerKind kind, int maxEpochs) {
    return new ScheduleOptions(kind, maxEpochs, 1, ETA, true, INTERVAL);
  }

  /**
   * @param seed of random decisions
   * @throws io.millrace.BadInputException if the settings are impossible
   */
  TrialScheduler scheduler(int numTrials, long seed) {
    return switch (kind) {
      case ASHA ->
          promotion ? new PromotingAsha(rungs(), numTrials) : new StoppingAsha(rungs(), numTrials);
      case HALVING -> new SuccessiveHalving(rungs(), numTrials);
      case RANDOM -> new FullTraining(maxEpochs, numTrials);
      case PBT -> new PopulationTraining(maxEpochs, interval, numTrials, seed);
    };
  }

  private Rungs rungs() {
    return Rungs.of(grace, eta, maxEpochs);
  }

  /** What decisions depend on. */
  @Override
  public String toString() {
    return switch (kind) {
      case ASHA -> "asha " + (promotion ? "promotion" : "stopping") + " of " + rungText();
      case HALVING -> "halving of " + rungText();
      case RANDOM -> "random of " + maxEpochs + " epochs";
      case PBT -> "pbt of " + maxEpochs + " epochs by " + interval;
    };
  }

  private String rungText() {
    return maxEpochs + " epochs, grace " + grace + ", eta " + eta;
  }
}
