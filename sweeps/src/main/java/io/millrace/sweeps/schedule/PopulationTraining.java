package io.millrace.sweeps.schedule;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.sampler.draw.BatchRandom;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Population-based training: all trials train at the same pace. After every interval, each of the
 * worst quarter continues as a copy of a random one of the best quarter, with settings that are
 * changed a little. Workers wait at the end of an interval until all have arrived, so that each
 * copies from the same epoch. A trial that has failed is replaced like the worst.
 *
 * <p>Jaderberg et al., "Population based training of neural networks", 2017.
 */
public final class PopulationTraining implements TrialScheduler {
  private static final int QUARTER = 4;

  private final int maxEpochs;
  private final int interval;
  private final long seed;
  private final TrialQueue queue;
  private final Queue<Integer> waiting = new ArrayDeque<>();
  private final Set<Integer> failed = new HashSet<>();
  private List<TrialCopy> copies = List.of();
  private Rung recorded = new Rung();
  private int expected;
  private int round;

  /**
   * @param interval epochs between two rounds of copies
   * @param population the number of trials
   * @param seed decides which of the best is copied
   * @throws BadInputException if a number is below 1, or fewer than 4 trials
   */
  public PopulationTraining(int maxEpochs, int interval, int population, long seed) {
    this.maxEpochs = Require.positive("maxEpochs", maxEpochs);
    this.interval = Require.positive("interval", interval);
    if (population < QUARTER) {
      throw BadInputException.of(
          "a population has at least 4 trials, because a quarter is replaced",
          "trials",
          population);
    }
    this.seed = seed;
    queue = new TrialQueue(population);
    expected = population;
  }

  @Override
  public OptionalInt next() {
    if (!waiting.isEmpty()) {
      return OptionalInt.of(queue.resume(waiting.remove()));
    }
    return queue.begin();
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    queue.requireRunning(trial);
    boolean hasFailed = Double.isNaN(score);
    if (!hasFailed && epoch < maxEpochs && epoch % interval != 0) {
      return TrialDecision.CONTINUE;
    }
    queue.leave(trial);
    if (isLastRound()) {
      return TrialDecision.STOP;
    }
    recorded.record(trial, score);
    if (hasFailed) {
      failed.add(trial);
    }
    if (recorded.size() == expected) {
      endRound(expected);
    }
    return TrialDecision.PAUSE;
  }

  private boolean isLastRound() {
    return (round + 1L) * interval >= maxEpochs;
  }

  private void endRound(int population) {
    round++;
    List<Integer> ranked = recorded.best(population); // without those that have failed
    int quarter = population / QUARTER;
    List<Integer> donors = ranked.subList(0, Math.min(Math.max(1, quarter), ranked.size()));
    int numBad = Math.clamp(quarter - failed.size(), 0, ranked.size() - donors.size());
    Set<Integer> replaced = new TreeSet<>(ranked.subList(ranked.size() - numBad, ranked.size()));
    if (!donors.isEmpty()) {
      replaced.addAll(failed);
    }
    copies = replaced.stream().map(trial -> copy(trial, donors)).toList();
    Set<Integer> all = new TreeSet<>(ranked);
    all.addAll(replaced);
    waiting.addAll(all);
    expected = all.size();
    failed.clear();
    recorded = new Rung();
  }

  private TrialCopy copy(int trial, List<Integer> donors) {
    long key = BatchRandom.batchSeed(seed, round, trial);
    return new TrialCopy(trial, donors.get(BatchRandom.bounded(key, 0, donors.size())), round);
  }

  @Override
  public List<TrialCopy> takeCopies() {
    List<TrialCopy> taken = copies;
    copies = List.of();
    return taken;
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return Math.min(maxEpochs, (epoch / interval + 1) * interval);
  }

  @Override
  public boolean isDone() {
    return waiting.isEmpty() && queue.isDone();
  }
}
