package io.millrace.tuning.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ThroughputProgramTest {
  private static final Curve CURVE = new Curve(Map.of(1, 20., 2, 36., 4, 60., 6, 72., 8, 76.));

  @Test
  void sharesTheCoresAmongTheStages() {
    ThroughputProgram program =
        ThroughputProgram.of(8).sequential("plan", .0005).stage("sample", .010);

    assertEquals(516.1, program.stage("slice", .005).solve().batchesPerSecond(), .05);
    assertEquals(761.9, program.solve().batchesPerSecond(), .05);
  }

  @Test
  void aSequentialStageGetsOneCoreAtMost() {
    Optimum optimum = ThroughputProgram.of(8).sequential("plan", .01).stage("sample", .01).solve();

    assertEquals(100, optimum.batchesPerSecond(), 1e-6);
    assertEquals(List.of("plan"), binding(optimum));
  }

  @Test
  void dealsCoresBetweenPreparationAndCompute() {
    Optimum cheap = ThroughputProgram.of(8).stage("prepare", .005).compute(CURVE).solve();
    assertEquals(75.25, cheap.batchesPerSecond(), .01);
    assertEquals(.38, cheap.preparationCores(), .005);
    assertEquals(7.62, cheap.computeThreads(), .005);

    Optimum dear = ThroughputProgram.of(8).stage("prepare", .05).compute(CURVE).solve();
    assertEquals(64.6, dear.batchesPerSecond(), .05);
    assertEquals(List.of("cores"), binding(dear));
  }

  @Test
  void aDiskBoundsBytesPerSecond() {
    ThroughputProgram program = ThroughputProgram.of(8).stage("slice", .0001);
    double bytes = 10_000 * 400.;

    assertEquals(25, program.device("disk", 100e6, bytes).solve().batchesPerSecond(), 1e-6);
    Optimum cached = program.device("disk", 100e6, .4 * bytes).solve();
    assertEquals(62.5, cached.batchesPerSecond(), 1e-6);
    assertEquals(List.of("disk"), binding(cached));
  }

  /** X* = min(cores / sum of s, min of 1/s of sequential stages). */
  @Test
  void agreesWithTheClosedFormOnRandomPipelines() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      double cores = 1 + random.nextInt(64);
      ThroughputProgram program = ThroughputProgram.of(cores);
      double sum = 0;
      double expected = Double.POSITIVE_INFINITY;
      for (int s = 1 + random.nextInt(6); s > 0; s--) {
        double cost = Math.pow(10, -4 + 3 * random.nextDouble());
        sum += cost;
        if (random.nextInt(3) == 0) {
          program = program.sequential("stage " + s, cost);
          expected = Math.min(expected, 1 / cost);
        } else {
          program = program.stage("stage " + s, cost);
        }
      }
      expected = Math.min(expected, cores / sum);
      assertEquals(expected, program.solve().batchesPerSecond(), 1e-6 * expected);
    }
  }

  @Test
  void theCurveIsAConcaveHullThatDoesNotPromiseMoreThanWasMeasured() {
    Curve dented = new Curve(Map.of(1, 10., 2, 12., 3, 30., 4, 25.));

    assertEquals(12, dented.at(2));
    assertEquals(30, ThroughputProgram.of(16).compute(dented).solve().batchesPerSecond(), 1e-6);
    assertEquals(20, ThroughputProgram.of(2).compute(dented).solve().batchesPerSecond(), 1e-6);
    assertEquals(48, new Curve(Map.of(2, 36., 4, 60.)).at(3));
  }

  @Test
  void refusesACurveWithoutRates() {
    assertThrows(BadInputException.class, () -> new Curve(Map.of()));
    assertThrows(BadInputException.class, () -> new Curve(Map.of(1, 0.)));
    assertTrue(
        assertThrows(BadInputException.class, () -> new Curve(Map.of(0, 1.)))
            .getMessage()
            .startsWith("a curve has positive rates"));
  }

  private static List<String> binding(Optimum optimum) {
    return optimum.limits().stream().filter(Limit::binds).map(Limit::resource).toList();
  }
}
