package io.millrace.sweeps.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schedulers on cases that were computed by hand or by another program. */
class SchedulerOracleTest {
  private static final Rungs RUNGS = Rungs.of(1, 3, 9);
  private static final double[] ASCENDING = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final double[] DESCENDING = {8, 7, 6, 5, 4, 3, 2, 1, 0};
  private static final double[] MIXED = {.50, .70, .60, .80, .55, .65, .90, .40, .75};

  @Test
  void rungsArePowersOfEtaTimesGraceUpToTheMostEpochs() {
    assertEquals(List.of(1, 3, 9, 27), Rungs.of(1, 3, 27).levels());
    assertEquals(List.of(2, 6, 18), Rungs.of(2, 3, 50).levels());
    assertEquals(List.of(1, 4, 16, 64), Rungs.of(1, 4, 100).levels());
    assertEquals(List.of(3, 9, 27), Rungs.of(1, 3, 27, 1).levels());
    assertEquals(List.of(7), Rungs.of(7, 2, 7).levels());
  }

  @Test
  void promotionOfAscendingScoresPromotesEachNewcomer() {
    SimulatedSweep sweep = SimulatedSweep.alone(new PromotingAsha(RUNGS, 9), ASCENDING);
    assertEquals(53, sweep.totalEpochs);
    assertEquals(7, sweep.order.stream().filter(it -> it.endsWith("@3")).count());
  }

  @Test
  void promotionOfDescendingScoresPromotesInTheirOrder() {
    SimulatedSweep sweep = SimulatedSweep.alone(new PromotingAsha(RUNGS, 9), DESCENDING);
    assertEquals(21, sweep.totalEpochs);
    assertEquals(
        List.of(
            "0@1", "1@1", "2@1", "0@3", "3@1", "4@1", "5@1", "1@3", "6@1", "7@1", "8@1", "2@3",
            "0@9"),
        sweep.order);
  }

  @Test
  void promotionOfMixedScoresTrainsOnlyTheBestToTheEnd() {
    SimulatedSweep sweep = SimulatedSweep.alone(new PromotingAsha(RUNGS, 9), MIXED);
    assertEquals(23, sweep.totalEpochs);
    assertEquals(List.of("6@9"), sweep.order.stream().filter(it -> it.endsWith("@9")).toList());
  }

  @Test
  void stoppingStopsNoneOfAscendingScores() {
    assertEquals(
        List.of(81, 25, 43),
        List.of(ASCENDING, DESCENDING, MIXED).stream()
            .map(it -> SimulatedSweep.alone(new StoppingAsha(RUNGS, 9), it).totalEpochs)
            .toList());
  }

  @Test
  void halvingSpendsTheSameWhateverTheOrder() {
    for (double[] scores : List.of(ASCENDING, DESCENDING, MIXED)) {
      SimulatedSweep sweep = SimulatedSweep.alone(new SuccessiveHalving(RUNGS, 9), scores);
      assertEquals(9 * 1 + 3 * 2 + 1 * 6, sweep.totalEpochs);
    }
  }

  @Test
  void equalTrialsSpendWhatTheFormulaSays() {
    double[] equal = new double[9];
    assertEquals(21, SimulatedSweep.alone(new PromotingAsha(RUNGS, 9), equal).totalEpochs);
    assertEquals(21, SimulatedSweep.alone(new SuccessiveHalving(RUNGS, 9), equal).totalEpochs);
    assertEquals(81, SimulatedSweep.alone(new StoppingAsha(RUNGS, 9), equal).totalEpochs);
    assertEquals(81, SimulatedSweep.alone(new FullTraining(9, 9), equal).totalEpochs);
  }

  @Test
  void trialsThatAllFailEndAfterTheirFirstEpoch() {
    double[] failed = new double[9];
    Arrays.fill(failed, Double.NaN);
    for (TrialScheduler scheduler :
        List.of(
            new PromotingAsha(RUNGS, 9),
            new StoppingAsha(RUNGS, 9),
            new SuccessiveHalving(RUNGS, 9),
            new FullTraining(9, 9),
            new PopulationTraining(9, 3, 9, 0))) {
      assertEquals(9, SimulatedSweep.alone(scheduler, failed).totalEpochs, scheduler.toString());
    }
  }

  @Test
  void survivorsOfTheLastRungTrainAllEpochs() {
    Rungs rungs = Rungs.of(2, 3, 10); // 2 and 6
    assertEquals(
        9 * 2 + 3 * 4 + 1 * 4,
        SimulatedSweep.alone(new SuccessiveHalving(rungs, 9), DESCENDING).totalEpochs);
    assertEquals(
        9 * 2 + 3 * 4 + 1 * 4,
        SimulatedSweep.alone(new PromotingAsha(rungs, 9), DESCENDING).totalEpochs);
  }

  @Test
  void quantilesAreThoseOfNumpy() {
    Rung rung = new Rung();
    for (double score : new double[] {.5, .7, .6, .8}) {
      rung.record(0, score);
    }
    assertEquals(.7, rung.quantile(2.0 / 3), 1e-15);
    assertEquals(.725, rung.quantile(.75), 1e-15);
    rung.record(1, Double.NaN);
    assertEquals(.68, rung.quantile(.7), 1e-15); // of -inf, .5, .6, .7, .8 at 2.8
    assertEquals(Double.NEGATIVE_INFINITY, rung.quantile(.2));
  }

  @Test
  void populationCopiesTheBestQuarterOverTheWorst() {
    double[] scores = {1, 2, 3, 4, 5, 6, 7, 8};
    SimulatedSweep sweep = SimulatedSweep.alone(new PopulationTraining(6, 2, 8, 0), scores);
    assertEquals(8 * 6, sweep.totalEpochs);
    assertEquals(4, sweep.copies.size()); // none after the last epoch
    for (TrialCopy copy : sweep.copies) {
      assertTrue(copy.trial() < 2 && copy.from() > 5, copy.toString());
    }
    assertEquals(List.of(1, 1, 2, 2), sweep.copies.stream().map(TrialCopy::round).toList());
  }

  @Test
  void populationReplacesATrialThatFailed() {
    double[] scores = {1, 2, Double.NaN, 4};
    SimulatedSweep sweep = SimulatedSweep.alone(new PopulationTraining(4, 2, 4, 0), scores);
    assertEquals(List.of(new TrialCopy(2, 3, 1)), sweep.copies);
  }

  @Test
  void refusesWhatCannotBeScheduled() {
    assertThrows(BadInputException.class, () -> Rungs.of(10, 3, 9));
    assertThrows(BadInputException.class, () -> Rungs.of(1, 1, 9));
    assertThrows(BadInputException.class, () -> Rungs.of(0, 3, 9));
    assertThrows(BadInputException.class, () -> new PopulationTraining(9, 1, 3, 0));
    assertThrows(BadInputException.class, () -> new FullTraining(9, 0));
    assertThrows(IllegalStateException.class, () -> new PromotingAsha(RUNGS, 2).report(0, 1, .5));
  }
}
