package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.sweeps.SweepEvent.Reported;
import io.millrace.sweeps.schedule.TrialDecision;
import io.millrace.sweeps.schedule.TrialScheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The validation of all trials after each epoch, from the log of a sweep whose trials trained all
 * epochs. Any scheduler can be tried on them without a training, since what a trial trains does not
 * depend on when it trains. Immutable.
 *
 * @param valid the metric, [trial][epoch]
 * @param scores the same, the higher the better
 */
@Internal
public record RecordedCurves(double[][] valid, double[][] scores) {
  /**
   * What a scheduler has found.
   *
   * @param epochs trained in all
   * @param valid the best metric on the validation nodes, of all epochs of all trials
   */
  public record Outcome(int epochs, double valid) {}

  /**
   * Reads {@code trials.jsonl}.
   *
   * @throws BadInputException if it is no log of a sweep, or a trial did not train all epochs
   */
  public static RecordedCurves read(Path file) {
    Map<Integer, List<Reported>> byTrial = new TreeMap<>();
    for (SweepEvent event : SweepLog.read(file)) {
      if (event instanceof Reported it) {
        byTrial.computeIfAbsent(it.trial(), _ -> new ArrayList<>()).add(it);
      }
    }
    int numEpochs = byTrial.values().stream().mapToInt(List::size).max().orElse(0);
    byTrial.forEach(
        (trial, reports) -> {
          if (reports.size() != numEpochs) {
            throw BadInputException.of(
                "need a sweep with --scheduler random, whose trials train all epochs",
                "file",
                file,
                "trial",
                trial,
                "epochs",
                reports.size(),
                "of",
                numEpochs);
          }
        });
    if (numEpochs == 0) {
      throw BadInputException.of("no epoch was trained", "file", file);
    }
    return new RecordedCurves(
        byTrial.values().stream()
            .map(it -> it.stream().mapToDouble(Reported::valid).toArray())
            .toArray(double[][]::new),
        byTrial.values().stream()
            .map(it -> it.stream().mapToDouble(Reported::score).toArray())
            .toArray(double[][]::new));
  }

  public int numTrials() {
    return valid.length;
  }

  /** Epochs of each trial. */
  public int numEpochs() {
    return valid[0].length;
  }

  /**
   * Lets a scheduler decide with one trial at a time.
   *
   * @param options not of population-based training, which changes what trials train
   * @param order the trial that begins first, and so on; the scheduler has as many trials
   */
  public Outcome replay(ScheduleOptions options, int... order) {
    if (options.kind() == SchedulerKind.PBT) {
      throw BadInputException.of("pbt changes the trials", "scheduler", options);
    }
    TrialScheduler scheduler = options.scheduler(order.length, 0);
    int[] epochs = new int[order.length];
    int total = 0;
    int bestTrial = 0;
    int bestEpoch = 0;
    for (OptionalInt next = scheduler.next(); next.isPresent(); next = scheduler.next()) {
      int place = next.getAsInt();
      int trial = order[place];
      TrialDecision decision;
      do {
        int epoch = epochs[place]++;
        total++;
        if (total == 1 || scores[trial][epoch] > scores[bestTrial][bestEpoch]) {
          bestTrial = trial;
          bestEpoch = epoch;
        }
        decision = scheduler.report(place, epoch + 1, scores[trial][epoch]);
      } while (decision == TrialDecision.CONTINUE);
    }
    return new Outcome(total, valid[bestTrial][bestEpoch]);
  }
}
