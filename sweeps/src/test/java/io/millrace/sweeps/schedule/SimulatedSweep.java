package io.millrace.sweeps.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * A sweep under a virtual clock: workers take trials from a scheduler, an epoch takes as long as it
 * says, and reports arrive in the order of their times. No thread, no waiting.
 */
final class SimulatedSweep {
  /** The score of a trial after an epoch. */
  interface Scores {
    double of(int trial, int epoch);
  }

  /** The seconds that an epoch of a trial takes. */
  interface Costs {
    double of(int trial, int epoch);
  }

  /** What a test looks at after each call. */
  interface Observer {
    default void taken(int trial, int epoch) {}

    default void reported(int trial, int epoch, double score, TrialDecision decision) {}
  }

  private record Event(double time, int number, int trial, int epoch) {}

  private final TrialScheduler scheduler;
  private final Scores scores;
  private final Costs costs;
  private final Observer observer;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::time).thenComparingInt(Event::number));
  final Map<Integer, Integer> epochs = new HashMap<>();
  final List<String> order = new ArrayList<>();
  final List<TrialCopy> copies = new ArrayList<>();
  private int numEvents;
  int totalEpochs;
  double now;

  SimulatedSweep(TrialScheduler scheduler, Scores scores, Costs costs, Observer observer) {
    this.scheduler = scheduler;
    this.scores = scores;
    this.costs = costs;
    this.observer = observer;
  }

  static SimulatedSweep alone(TrialScheduler scheduler, double... byTrial) {
    SimulatedSweep sweep =
        new SimulatedSweep(scheduler, (t, _) -> byTrial[t], (_, _) -> 1, new Observer() {});
    sweep.run(1);
    return sweep;
  }

  void run(int numWorkers) {
    int idle = assign(numWorkers);
    while (!events.isEmpty()) {
      Event event = events.remove();
      now = event.time();
      totalEpochs++;
      epochs.put(event.trial(), event.epoch());
      double score = scores.of(event.trial(), event.epoch());
      int stop = scheduler.nextStop(event.trial(), event.epoch() - 1);
      TrialDecision decision = scheduler.report(event.trial(), event.epoch(), score);
      boolean leaves = decision != TrialDecision.CONTINUE;
      if (stop < event.epoch() || leaves && !Double.isNaN(score) && stop > event.epoch()) {
        throw new AssertionError("the next stop after " + (event.epoch() - 1) + " is not " + stop);
      }
      observer.reported(event.trial(), event.epoch(), score, decision);
      for (TrialCopy copy : scheduler.takeCopies()) {
        copies.add(copy);
        epochs.put(copy.trial(), epochs.get(copy.from()));
      }
      if (!leaves) {
        schedule(event.trial());
      } else {
        order.add(event.trial() + "@" + event.epoch());
        idle = assign(idle + 1);
      }
    }
    if (!scheduler.isDone() || scheduler.next().isPresent()) {
      throw new AssertionError("the sweep ended before the scheduler was done");
    }
  }

  /** Returns how many workers found no trial. */
  private int assign(int idle) {
    int left = idle;
    while (left > 0) {
      OptionalInt trial = scheduler.next();
      if (trial.isEmpty()) {
        return left;
      }
      observer.taken(trial.getAsInt(), epochs.getOrDefault(trial.getAsInt(), 0));
      schedule(trial.getAsInt());
      left--;
    }
    return 0;
  }

  private void schedule(int trial) {
    int epoch = epochs.getOrDefault(trial, 0) + 1;
    events.add(new Event(now + costs.of(trial, epoch), numEvents++, trial, epoch));
  }
}
