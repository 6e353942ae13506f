package io.millrace.tuning.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoControllerTest {
  private static final double NOISE = .2;
  private static final double HOUR = 3600;
  private static final double WINDOW = 2;
  private static final Limits EIGHT_CORES = new Limits(8, 1, Double.POSITIVE_INFINITY);
  private static final Size ONE = new Size(1, 1);

  private static AutoController controller(Size start) {
    return new AutoController(start, EIGHT_CORES, Hysteresis.STANDARD);
  }

  /** Lets both run until a time. */
  private static void run(SimulatedPipeline pipeline, AutoController controller, double until) {
    while (pipeline.now() < until) {
      controller.add(pipeline.step()).ifPresent(pipeline::resize);
    }
  }

  private static double rate(SimulatedPipeline pipeline, Size size, double seconds) {
    pipeline.resize(size);
    Load sum = Load.NONE;
    while (sum.seconds() < seconds) {
      sum = sum.plus(pipeline.step());
    }
    return sum.rate();
  }

  private static SimulatedPipeline constant(double prepare, double compute, double variation) {
    return new SimulatedPipeline(1, variation, _ -> prepare, _ -> compute, 0);
  }

  /** The best rate of all sizes that the limits allow. */
  private static double best(double prepare, double compute, double variation) {
    double best = 0;
    for (int workers = 1; workers <= EIGHT_CORES.mostWorkers(); workers++) {
      for (int slots : new int[] {1, 2, 3, 4, 6, 8, 12}) {
        SimulatedPipeline pipeline = constant(prepare, compute, variation);
        best = Math.max(best, rate(pipeline, new Size(workers, slots), 30));
      }
    }
    return best;
  }

  @ParameterizedTest
  @CsvSource({
    "0.050, 0.010, 0", // five workers
    "0.050, 0.010, 0.2",
    "0.100, 0.005, 0.2", // all seven, and the preparation is the limit
    "0.020, 0.018, 0.2", // two
    "0.010, 0.030, 0.2", // one, but with a slot to work ahead
    "0.300, 0.040, 0.2", // windows of 20 batches
  })
  void reachesTheOptimumFromOneWorkerAndOneSlot(double prepare, double compute, double variation) {
    SimulatedPipeline pipeline = constant(prepare, compute, variation);
    pipeline.resize(ONE);
    AutoController controller = controller(ONE);
    run(pipeline, controller, 600);

    Size size = controller.settled();
    double reached = rate(constant(prepare, compute, variation), size, 60);
    double optimum = best(prepare, compute, variation);
    assertTrue(
        reached >= .95 * optimum,
        size + ": " + reached + " of " + optimum + text(controller.decisions()));
  }

  @ParameterizedTest
  @CsvSource({"0", "0.2"})
  void followsAStepWithinTenWindowsAndReturns(double variation) {
    double fast = .01;
    double slow = .04;
    double compute = .015;
    double firstStep = 1000;
    double secondStep = 2000;
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            7,
            variation,
            now -> now >= firstStep && now < secondStep ? slow : fast,
            _ -> compute,
            0);
    Size start = new Size(1, 3);
    pipeline.resize(start);
    AutoController controller = controller(start);
    run(pipeline, controller, firstStep);
    assertEquals(1, controller.settled().workers(), text(controller.decisions()));

    run(pipeline, controller, firstStep + 10 * WINDOW);
    Size followed = controller.settled();
    double reached = rate(constant(slow, compute, variation), followed, 60);
    double optimum = best(slow, compute, variation);
    assertTrue(
        reached >= .95 * optimum,
        followed + ": " + reached + " of " + optimum + text(controller.decisions()));

    run(pipeline, controller, secondStep + 10 * WINDOW);
    assertEquals(1, controller.settled().workers(), text(controller.decisions()));
    assertTrue(
        rate(constant(fast, compute, variation), controller.settled(), 60)
            >= .95 * best(fast, compute, variation));
  }

  @Test
  void noiseAloneChangesNothingWhereTheModelIsTheLimit() {
    for (int seed = 0; seed < 5; seed++) {
      List<Decision> decisions = anHour(seed, .015, .03, 0, new Size(1, 3), Hysteresis.STANDARD);
      assertTrue(decisions.size() <= 1, text(decisions));
      assertEquals(0, numKept(decisions), text(decisions));
    }
  }

  /** A change is tried there every 5 minutes, because the consumer waits. */
  @Test
  void noiseAloneKeepsNothingWhereAResourceThatIsSharedIsTheLimit() {
    for (int seed = 0; seed < 5; seed++) {
      List<Decision> decisions = anHour(seed, .01, .01, .03, new Size(2, 4), Hysteresis.STANDARD);
      assertEquals(0, numKept(decisions), text(decisions));
      assertTrue(decisions.size() <= 20, decisions.size() + " changes were tried");
    }
  }

  @Test
  void withoutHysteresisItFollowsTheNoise() {
    List<Decision> decisions = anHour(0, .01, .01, .03, new Size(2, 4), Hysteresis.NONE);
    assertTrue(numKept(decisions) > 20, numKept(decisions) + " were kept");
  }

  private static List<Decision> anHour(
      int seed, double prepare, double compute, double shared, Size start, Hysteresis hysteresis) {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(seed, NOISE, _ -> prepare, _ -> compute, shared);
    pipeline.resize(start);
    AutoController controller = new AutoController(start, EIGHT_CORES, hysteresis);
    run(pipeline, controller, HOUR);
    return controller.decisions();
  }

  private static String text(List<Decision> decisions) {
    StringBuilder all = new StringBuilder();
    decisions.forEach(it -> all.append("\n").append(it.seconds()).append(' ').append(it.text()));
    return all.toString();
  }

  private static long numKept(List<Decision> decisions) {
    return decisions.stream().filter(Decision::kept).count();
  }

  @Test
  void neverHasMoreThreadsThanCoresNorMoreSlotsThanTheMemoryHolds() {
    Limits limits = new Limits(4, 2, 5e6);
    SimulatedPipeline pipeline = constant(.1, .001, NOISE);
    pipeline.resize(ONE);
    AutoController controller = new AutoController(ONE, limits, Hysteresis.STANDARD);
    while (pipeline.now() < 600) {
      controller.add(pipeline.step()).ifPresent(pipeline::resize);
      assertTrue(controller.size().workers() <= 2 && controller.size().slots() <= 5);
    }
    assertEquals(2, controller.settled().workers());
  }

  @Test
  void staysAtAStartValueThatIsAboveTheLimits() {
    Limits limits = new Limits(2, 2, 1e6);
    Size start = new Size(3, 4);
    SimulatedPipeline pipeline = constant(.1, .001, NOISE);
    pipeline.resize(start);
    AutoController controller = new AutoController(start, limits, Hysteresis.STANDARD);
    run(pipeline, controller, 600);
    assertEquals(start, controller.size());
    assertEquals(List.of(), controller.decisions());
  }

  @Test
  void pausesTwiceAsLongAfterEachChangeThatDidNotPay() {
    List<Decision> decisions = anHour(3, .01, .01, .03, new Size(2, 4), Hysteresis.STANDARD);
    double[] times = decisions.stream().mapToDouble(Decision::seconds).toArray();
    double pause = 10;
    for (int i = 1; i < times.length; i++) {
      double measured = times[i] - times[i - 1];
      assertTrue(measured >= pause && measured < pause + 30, measured + " after " + pause);
      pause = Math.min(2 * pause, 300);
    }
  }

  @Test
  void aDecisionIsALineWithItsNumbers() {
    Decision kept = new Decision(40, new Size(2, 4), new Size(3, 5), 31, 38.16, true);
    assertEquals("workers 2 -> 3, slots 4 -> 5: 31.0 -> 38.2 batches/s, kept", kept.text());
    Decision restored = new Decision(40, new Size(2, 4), new Size(2, 5), 31, 31.2, false);
    assertEquals("slots 4 -> 5: 31.0 -> 31.2 batches/s, restored", restored.text());
    assertEquals("--workers 2 --slots 4", restored.before().options());
  }
}
