package io.millrace.sweeps.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds for every sweep, in random cases under the virtual clock. */
class SchedulerPropertyTest {
  private record Case(
      Rungs rungs, int numTrials, int numWorkers, double[] costs, double[][] scores) {
    static Case of(long number) {
      SplittableRandom random = new SplittableRandom(number);
      int numTrials = random.nextInt(1, 30);
      int maxEpochs = random.nextInt(1, 40);
      int grace = random.nextInt(1, Math.min(maxEpochs, 4) + 1);
      double[][] scores = new double[numTrials][maxEpochs + 1];
      double[] costs = new double[numTrials];
      boolean coarse = random.nextInt(4) == 0; // many equal scores
      for (int t = 0; t < numTrials; t++) {
        costs[t] = .1 + random.nextDouble() * (random.nextInt(5) == 0 ? 20 : 1); // stragglers
        for (int e = 0; e <= maxEpochs; e++) {
          double score = coarse ? random.nextInt(3) : random.nextDouble();
          scores[t][e] = random.nextInt(60) == 0 ? Double.NaN : score;
        }
      }
      Rungs rungs = Rungs.of(grace, random.nextInt(2, 5), maxEpochs);
      return new Case(rungs, numTrials, random.nextInt(1, 6), costs, scores);
    }

    SimulatedSweep run(TrialScheduler scheduler, SimulatedSweep.Observer observer) {
      SimulatedSweep sweep =
          new SimulatedSweep(scheduler, (t, e) -> scores[t][e], (t, _) -> costs[t], observer);
      sweep.run(numWorkers);
      return sweep;
    }
  }

  /** No trial beyond the most epochs, none at two workers, none after its end. */
  private static class Checked implements SimulatedSweep.Observer {
    final Case it;
    final Set<Integer> running = new HashSet<>();
    final Set<Integer> ended = new HashSet<>();
    final Set<Integer> begun = new HashSet<>();

    Checked(Case it) {
      this.it = it;
    }

    @Override
    public void taken(int trial, int epoch) {
      assertTrue(running.add(trial) && running.size() <= it.numWorkers);
      assertTrue(!ended.contains(trial));
      assertTrue(begun.add(trial) == (epoch == 0));
      assertTrue(epoch < it.rungs.maxEpochs());
    }

    @Override
    public void reported(int trial, int epoch, double score, TrialDecision decision) {
      assertTrue(epoch <= it.rungs.maxEpochs());
      if (Double.isNaN(score) || epoch == it.rungs.maxEpochs()) {
        assertNotEquals(TrialDecision.CONTINUE, decision);
      }
      if (decision != TrialDecision.CONTINUE) {
        running.remove(trial);
      }
      if (decision == TrialDecision.STOP) {
        ended.add(trial);
      }
    }
  }

  /** Each promotion is among the best ⌊n/η⌋ of its rung at that moment, by an own count. */
  private static final class CheckedPromotions extends Checked {
    private final Map<Integer, List<double[]>> byRung = new HashMap<>();

    CheckedPromotions(Case it) {
      super(it);
    }

    @Override
    public void taken(int trial, int epoch) {
      super.taken(trial, epoch);
      if (epoch > 0) {
        List<double[]> there = byRung.get(epoch);
        double own = there.stream().filter(e -> e[0] == trial).findFirst().orElseThrow()[1];
        long better = there.stream().filter(e -> e[1] > own || e[1] == own && e[0] < trial).count();
        assertTrue(better < there.size() / it.rungs.eta(), "trial=" + trial + " at " + epoch);
      }
    }

    @Override
    public void reported(int trial, int epoch, double score, TrialDecision decision) {
      super.reported(trial, epoch, score, decision);
      boolean failed = Double.isNaN(score);
      it.rungs.levels().stream()
          .filter(level -> failed ? level >= epoch : level == epoch)
          .findFirst()
          .ifPresent(
              level ->
                  byRung
                      .computeIfAbsent(level, _ -> new ArrayList<>())
                      .add(new double[] {trial, failed ? Double.NEGATIVE_INFINITY : score}));
    }
  }

  private static void check(long number) {
    Case it = Case.of(number);
    Rungs rungs = it.rungs;
    int n = it.numTrials;
    SimulatedSweep promoting = it.run(new PromotingAsha(rungs, n), new CheckedPromotions(it));
    SimulatedSweep again = it.run(new PromotingAsha(rungs, n), new Checked(it));
    assertEquals(promoting.order, again.order);
    SimulatedSweep replayed = it.run(new RecordedDecisions(stays(promoting, it)), new Checked(it));
    assertEquals(promoting.epochs, replayed.epochs);
    it.run(new StoppingAsha(rungs, n), new Checked(it));
    it.run(new SuccessiveHalving(rungs, n), new Checked(it));
    SimulatedSweep full = it.run(new FullTraining(rungs.maxEpochs(), n), new Checked(it));
    assertEquals(n, full.epochs.size());
    assertTrue(promoting.totalEpochs <= n * rungs.maxEpochs());
    checkHalvingBudget(it);
    if (n >= 4) {
      int interval = rungs.levels().getFirst();
      it.run(
          new PopulationTraining(rungs.maxEpochs(), interval, n, number),
          new Checked(it) {
            @Override
            public void taken(int trial, int epoch) {
              assertTrue(running.add(trial));
            }
          });
    }
  }

  /** Without failures the budget of halving is a formula. */
  private static void checkHalvingBudget(Case it) {
    int expected = 0;
    int left = it.numTrials;
    int before = 0;
    List<Integer> targets = new ArrayList<>(it.rungs.levels());
    if (it.rungs.goesOn(it.rungs.number() - 1)) {
      targets.add(it.rungs.maxEpochs());
    }
    for (int target : targets) {
      expected += left * (target - before);
      before = target;
      left = Math.max(1, left / it.rungs.eta());
    }
    SimulatedSweep sweep =
        new SimulatedSweep(
            new SuccessiveHalving(it.rungs, it.numTrials),
            (t, _) -> it.costs[t],
            (t, _) -> it.costs[t],
            new Checked(it));
    sweep.run(it.numWorkers);
    assertEquals(expected, sweep.totalEpochs);
  }

  /** From the order in which the stays ended, which orders the stays of each trial. */
  private static List<RecordedDecisions.Stay> stays(SimulatedSweep sweep, Case it) {
    List<RecordedDecisions.Stay> stays = new ArrayList<>();
    Set<Integer> last = new HashSet<>();
    List<String> reversed = new ArrayList<>(sweep.order);
    Collections.reverse(reversed);
    for (String stay : reversed) {
      String[] parts = stay.split("@");
      int trial = Integer.parseInt(parts[0]);
      TrialDecision decision = last.add(trial) ? TrialDecision.STOP : TrialDecision.PAUSE;
      stays.addFirst(new RecordedDecisions.Stay(trial, Integer.parseInt(parts[1]), decision));
    }
    return stays;
  }

  @Test
  void holdsInRandomCases() {
    for (long number = 0; number < 300; number++) {
      check(number);
    }
  }

  @Test
  @Tag("exhaustive")
  void holdsInManyRandomCases() {
    for (long number = 0; number < 10_000; number++) {
      check(number);
    }
  }

  @Test
  void asynchronousHalvingDoesNotWaitForAStraggler() {
    int n = 27;
    Rungs rungs = Rungs.of(1, 3, 27);
    SimulatedSweep.Scores scores = (t, _) -> (t * 7) % n;
    SimulatedSweep.Costs costs = (t, _) -> t == 0 ? 20 : 1;
    List<Double> times = new ArrayList<>();
    for (TrialScheduler scheduler :
        List.of(new PromotingAsha(rungs, n), new SuccessiveHalving(rungs, n))) {
      SimulatedSweep sweep =
          new SimulatedSweep(scheduler, scores, costs, new SimulatedSweep.Observer() {});
      sweep.run(4);
      times.add(sweep.now);
    }
    assertTrue(times.get(0) < times.get(1), times.toString());
  }
}
