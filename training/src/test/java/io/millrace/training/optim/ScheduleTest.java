package io.millrace.training.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import org.junit.jupiter.api.Test;

/** Rates of a base of 0.5, with 4 steps an epoch. */
class ScheduleTest {
  private static final int STEPS_PER_EPOCH = 4;

  private static LearningRate of(Schedule schedule) {
    return new LearningRate(0.5, schedule, STEPS_PER_EPOCH);
  }

  private static void assertRates(Schedule schedule, double... expected) {
    LearningRate rate = of(schedule);
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], rate.at(step), 1e-12, schedule + ", step " + step);
    }
  }

  @Test
  void constantStays() {
    assertRates(new Schedule.Constant(), 0.5, 0.5, 0.5, 0.5, 0.5);
    assertEquals(0.5, of(new Schedule.Constant()).at(Long.MAX_VALUE));
  }

  @Test
  void cosineFallsFromTheWholeRateToNothingAndStaysThere() {
    Schedule cosine = new Schedule.Cosine(2);
    double root = Math.sqrt(0.5);
    assertEquals(0.5, of(cosine).at(0));
    assertEquals(0.25 * (1 + root), of(cosine).at(2), 1e-12); // a quarter of the way
    assertEquals(0.25, of(cosine).at(4), 1e-12);
    assertEquals(0.25 * (1 - root), of(cosine).at(6), 1e-12);
    assertEquals(0, of(cosine).at(8), 1e-12);
    assertEquals(0, of(cosine).at(11), 1e-12);
  }

  @Test
  void stepFallsAtTheBeginningOfAnEpoch() {
    assertRates(
        new Schedule.Step(1, 0.1), 0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.005, 0.005);
    assertEquals(0.5, of(new Schedule.Step(3, 0.1)).at(11), 1e-12);
    assertEquals(0.05, of(new Schedule.Step(3, 0.1)).at(12), 1e-12);
  }

  @Test
  void warmUpRisesInAStraightLineAndThenTheOtherBegins() {
    assertRates(
        new Schedule.Step(1, 0.1).warmUp(1), 0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.5, 0.5, 0.05);
  }

  @Test
  void plateauFallsAfterSoManyEpochsWithoutABetterOne() {
    LearningRate rate = of(new Schedule.Plateau(2, 0.1));
    double[] metrics = {0.3, 0.4, 0.4, 0.35, 0.5, 0.1, 0.2, 0.4, 0.45};
    double[] expected = {0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005, 0.005, 0.0005};
    for (int epoch = 0; epoch < metrics.length; epoch++) {
      rate.epochDone(metrics[epoch]);
      assertEquals(expected[epoch], rate.at(4 * epoch + 4L), 1e-12, "after epoch " + epoch);
    }
  }

  @Test
  void aPlateauIsNoticedAfterAWarmUpToo() {
    LearningRate rate = of(new Schedule.Plateau(1, 0.1).warmUp(1));
    rate.epochDone(0.5);
    rate.epochDone(0.5);
    assertEquals(0.05, rate.at(8), 1e-12);
  }

  @Test
  void goesOnFromWhatAPlateauRemembered() {
    LearningRate first = of(new Schedule.Plateau(2, 0.1));
    first.epochDone(0.5);
    first.epochDone(0.4);
    LearningRate second = of(new Schedule.Plateau(2, 0.1));
    second.restore(first.plateau());
    second.epochDone(0.45);
    assertEquals(0.05, second.at(12), 1e-12);
  }

  @Test
  void rejectsSettingsThatAreNeverRight() {
    assertRejected("a schedule needs at least one epoch", () -> new Schedule.Cosine(0));
    assertRejected("a schedule needs at least one epoch", () -> new Schedule.Step(0, 0.5));
    assertRejected("a schedule needs at least one epoch", () -> new Schedule.Plateau(0, 0.5));
    assertRejected("a schedule needs at least one epoch", () -> new Schedule.Constant().warmUp(0));
    assertRejected("factor must be in (0, 1]", () -> new Schedule.Step(1, 0));
    assertRejected("factor must be in (0, 1]", () -> new Schedule.Plateau(1, Double.NaN));
    assertRejected("factor must be in (0, 1]", () -> new Schedule.Step(1, 1.5));
  }

  private static void assertRejected(String rule, Runnable settings) {
    BadInputException e = assertThrows(BadInputException.class, settings::run);
    assertTrue(e.getMessage().startsWith(rule), e.getMessage());
  }
}
