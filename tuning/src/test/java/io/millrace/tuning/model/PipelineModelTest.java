package io.millrace.tuning.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineModelTest {
  private static final Map<Integer, Double> CURVE =
      Map.of(1, 20., 2, 36., 4, 60., 5, 66., 6, 72., 7, 74., 8, 76.);

  @Test
  void findsTheBestWholeNumbersNextToTheOptimum() {
    PipelineModel cheap = model(.005);
    assertEquals(74, best(cheap, 8), 1e-9);

    PipelineModel dear = model(.05);
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
    PipelineModel model = model(.05);

    assertEquals(1 / (.05 + 1 / 60.), model.batchesPerSecond(new Setting(1, 4, 1)), 1e-9);
    assertEquals(20, model.batchesPerSecond(new Setting(1, 4, 3)), 1e-9);
  }

  @Test
  void moreThreadsThanCoresTakeTurns() {
    PipelineModel model = model(.1, 2);
    double cpu = .1 + 2 / 36.;

    assertEquals(2 / cpu, model.batchesPerSecond(new Setting(8, 2, 20)), 1e-9);
  }

  @Test
  void idlePreparationNeedsThreadsAndNotCores() {
    Costs idle = new Costs(.001, .1, 0, 0, 1, compute(CURVE));
    PipelineModel model = new PipelineModel(idle, Resources.ofCores(2));

    assertEquals(10, model.batchesPerSecond(new Setting(1, 1, 9)), 1e-9);
    assertTrue(model.batchesPerSecond(new Setting(2, 1, 9)) > 19);
    assertTrue(model.candidates().getFirst().workers() > 2, () -> model.candidates().toString());
  }

  /** A clock that ticks every 15 ms, as on Windows. */
  @Test
  void preparationWithoutMeasurableCpuTimeHasCandidates() {
    Costs idle = new Costs(0, .01, 0, 0, 1, compute(CURVE));
    PipelineModel model = new PipelineModel(idle, Resources.ofCores(2));

    assertTrue(model.candidates().getFirst().workers() >= 1);
  }

  @Test
  void aDiskBoundsAllSettings() {
    Resources disk = Resources.ofCores(8).diskBytesPerSecond(100e6);
    Costs costs = new Costs(.005, .005, 4e6, 4e6, 1, compute(CURVE));
    PipelineModel model = new PipelineModel(costs, disk);

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
    Costs costs = new Costs(.05, .05, 1e6, 1e6, 1, compute(CURVE));

    for (Setting s : new PipelineModel(costs, new Resources(8, 5e6, 1e12)).candidates()) {
      assertTrue(s.slots() <= 5, s.toString());
    }
    assertEquals(List.of(), new PipelineModel(costs, new Resources(8, 1e6, 1e12)).candidates());
  }

  /** As many slots as the model has open at a time: nothing overlaps. */
  @Test
  void slotsThatTheModelHoldsLeaveNoRoomForTheNextBatch() {
    Costs costs = new Costs(.05, .05, 1e6, 1e6, 2, compute(CURVE));
    PipelineModel model = new PipelineModel(costs, Resources.ofCores(8));
    assertEquals(1 / (.05 + 1 / 60.), model.batchesPerSecond(new Setting(1, 4, 2)), 1e-9);
    assertEquals(20, model.batchesPerSecond(new Setting(1, 4, 3)), 1e-9);
    assertTrue(model.candidates().stream().allMatch(it -> it.slots() >= it.workers() + 3));
  }

  /**
   * Preparation that waits for 400 ms, and such that computes for 400 ms, on 2 cores: more workers
   * than cores help the one only. Each time alone would be wrong about one of them.
   */
  @Test
  void busyAndIdlePreparationNeedBothTimes() {
    Costs idle = new Costs(.001, .4, 0, 0, 1, compute(CURVE));
    Costs busy = new Costs(.4, .4, 0, 0, 1, compute(CURVE));
    assertTrue(gainOfWorkers(idle) > 3, "they wait");
    assertTrue(gainOfWorkers(busy) < 1.01, "there is no third core");
    Costs idleByCpuTimeAlone = new Costs(.001, .001, 0, 0, 1, compute(CURVE));
    assertTrue(gainOfWorkers(idleByCpuTimeAlone) < 1.01, "one worker would be enough");
    Costs busyByWallTimeAlone = new Costs(0, .4, 0, 0, 1, compute(CURVE));
    assertTrue(gainOfWorkers(busyByWallTimeAlone) > 3, "8 workers would find 8 cores");
  }

  /** Of 8 workers instead of 2, on 2 cores. */
  private static double gainOfWorkers(Costs costs) {
    PipelineModel model = new PipelineModel(costs, Resources.ofCores(2));
    return model.batchesPerSecond(new Setting(8, 1, 20))
        / model.batchesPerSecond(new Setting(2, 1, 20));
  }

  /** The measured costs, with the CPU times of preparation and model exchanged. */
  @Test
  void theChoiceByExchangedCostsIsWorse() {
    double prepare = .15;
    double step = 1 / CURVE.get(1);
    Map<Integer, Double> exchanged = new HashMap<>();
    CURVE.forEach((threads, rate) -> exchanged.put(threads, rate * step / prepare));
    PipelineModel truth = model(prepare);
    Costs wrong = new Costs(step, step, 0, 0, 1, compute(exchanged));
    Setting chosen = truth.candidates().getFirst();
    Setting misled = new PipelineModel(wrong, Resources.ofCores(8)).candidates().getFirst();
    double right = truth.batchesPerSecond(chosen);
    assertTrue(right > 1.2 * truth.batchesPerSecond(misled), chosen + " against " + misled);
  }

  /** Swapping the two costs must change the choice: otherwise the model is decoration. */
  @Test
  void choosesByTheCostsOfTheStages() {
    PipelineModel dearPreparation = model(.2);
    PipelineModel cheapPreparation = model(.002);
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
        new PipelineModel(new Costs(.002, .002, 0, 0, 1, compute), Resources.ofCores(64));
    double rate = model.batchesPerSecond(new Setting(1, 1, 9));

    assertEquals(1 / (.010 + .005 * rate * .002), rate, 1e-6);
  }

  private static PipelineModel model(double prepare) {
    return model(prepare, 8);
  }

  private static PipelineModel model(double prepare, int cores) {
    Costs costs = new Costs(prepare, prepare, 0, 0, 1, compute(CURVE));
    return new PipelineModel(costs, Resources.ofCores(cores));
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
