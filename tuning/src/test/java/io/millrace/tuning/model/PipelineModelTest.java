package io.millrace.tuning.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tuning.model.PipelineModel.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineModelTest {
  private static final Map<Integer, Double> CURVE =
      Map.of(1, 20., 2, 36., 4, 60., 5, 66., 6, 72., 7, 74., 8, 76.);

  @Test
  void findsTheBestWholeNumbersNextToTheOptimum() {
    PipelineModel cheap = model(.005, 8, Resources.UNLIMITED);
    assertEquals(74, best(cheap, 8), 1e-9);

    PipelineModel dear = model(.05, 8, Resources.UNLIMITED);
    assertEquals(60, best(dear, 8), 1e-9);
    assertEquals(60, dear.batchesPerSecond(new Setting(3, 5, 9)), 1e-9);
    assertEquals(60, dear.batchesPerSecond(new Setting(4, 4, 9)), 1e-9);
  }

  /** Of the settings without more threads than cores. */
  private static double best(PipelineModel model, int cores) {
    double best = 0;
    for (int w = 1; w < cores; w++) {
      for (int k : CURVE.keySet()) {
        if (w + k <= cores) {
          best = Math.max(best, model.batchesPerSecond(new Setting(w, k, 2 * w + 4)));
        }
      }
    }
    return best;
  }

  @Test
  void oneSlotMakesPreparationAndComputeTakeTurns() {
    PipelineModel model = model(.05, 8, Resources.UNLIMITED);

    assertEquals(1 / (.05 + 1 / 60.), model.batchesPerSecond(new Setting(1, 4, 1)), 1e-9);
    assertEquals(20, model.batchesPerSecond(new Setting(1, 4, 3)), 1e-9);
  }

  @Test
  void moreThreadsThanCoresTakeTurns() {
    PipelineModel model = model(.1, 2, Resources.UNLIMITED);
    double cpu = .1 + 2 / 36.;

    assertEquals(2 / cpu, model.batchesPerSecond(new Setting(8, 2, 20)), 1e-9);
  }

  @Test
  void idlePreparationNeedsThreadsAndNotCores() {
    Costs idle = new Costs(.001, .1, 0, 0, compute(CURVE));
    PipelineModel model = new PipelineModel(idle, 2, Resources.UNLIMITED);

    assertEquals(10, model.batchesPerSecond(new Setting(1, 1, 9)), 1e-9);
    assertTrue(model.batchesPerSecond(new Setting(2, 1, 9)) > 19);
    assertTrue(model.candidates().getFirst().workers() > 2, () -> model.candidates().toString());
  }

  /** A clock that ticks every 15 ms, as on Windows. */
  @Test
  void preparationWithoutMeasurableCpuTimeHasCandidates() {
    Costs idle = new Costs(0, .01, 0, 0, compute(CURVE));
    PipelineModel model = new PipelineModel(idle, 2, Resources.UNLIMITED);

    assertTrue(model.candidates().getFirst().workers() >= 1);
  }

  @Test
  void aDiskBoundsAllSettings() {
    Resources disk = new Resources(Double.POSITIVE_INFINITY, 100e6);
    Costs costs = new Costs(.005, .005, 4e6, 4e6, compute(CURVE));
    PipelineModel model = new PipelineModel(costs, 8, disk);

    assertEquals(25, model.batchesPerSecond(new Setting(1, 7, 9)), 1e-9);
    assertEquals(
        List.of("disk"),
        model.limits(new Setting(1, 7, 9)).stream()
            .filter(Limit::binds)
            .map(Limit::resource)
            .toList());
    assertEquals(0, model.gainOfCores(1), 1e-9, "a core buys nothing");
  }

  @Test
  void memoryBoundsTheSlots() {
    Costs costs = new Costs(.05, .05, 1e6, 1e6, compute(CURVE));

    for (Setting s : new PipelineModel(costs, 8, new Resources(5e6, 1e12)).candidates()) {
      assertTrue(s.slots() <= 5, s.toString());
    }
    assertEquals(List.of(), new PipelineModel(costs, 8, new Resources(1e6, 1e12)).candidates());
  }

  /** Swapping the two costs must change the choice: otherwise the model is decoration. */
  @Test
  void choosesByTheCostsOfTheStages() {
    PipelineModel dearPreparation = model(.2, 8, Resources.UNLIMITED);
    PipelineModel cheapPreparation = model(.002, 8, Resources.UNLIMITED);
    Setting forDear = dearPreparation.candidates().getFirst();
    Setting forCheap = cheapPreparation.candidates().getFirst();

    assertTrue(forDear.workers() > forCheap.workers(), forDear + " against " + forCheap);
    assertTrue(
        dearPreparation.batchesPerSecond(forDear) > 2 * dearPreparation.batchesPerSecond(forCheap));
  }

  @Test
  void bothSidesSlowEachOtherDownInProportionToHowBusyTheyAre() {
    Map<Integer, Costs.Compute> compute = Map.of(1, new Costs.Compute(.01, .010, .015, .004, 1));
    PipelineModel model =
        new PipelineModel(new Costs(.002, .002, 0, 0, compute), 64, Resources.UNLIMITED);
    double rate = model.batchesPerSecond(new Setting(1, 1, 9));

    assertEquals(1 / (.010 + .005 * rate * .002), rate, 1e-6);
  }

  private static PipelineModel model(double prepare, int cores, Resources resources) {
    return new PipelineModel(new Costs(prepare, prepare, 0, 0, compute(CURVE)), cores, resources);
  }

  /** With as much CPU time as threads times wall time, and no contention. */
  private static Map<Integer, Costs.Compute> compute(Map<Integer, Double> curve) {
    Map<Integer, Costs.Compute> compute = new HashMap<>();
    curve.forEach(
        (threads, rate) ->
            compute.put(threads, new Costs.Compute(threads / rate, 1 / rate, 1 / rate, 0, 0)));
    return compute;
  }
}
