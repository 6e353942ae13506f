package io.millrace.sweeps.schedule;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The decisions of an earlier sweep, made again in their order, whatever the scores are. Workers in
 * parallel may take turns otherwise than they did; what each trial trains is the same.
 */
public final class RecordedDecisions implements TrialScheduler {
  /**
   * A stay of a trial with a worker.
   *
   * @param lastEpoch after which it left
   * @param decision with which it left
   */
  public record Stay(int trial, int lastEpoch, TrialDecision decision) {}

  private final List<Stay> waiting;
  private final Map<Integer, Stay> running = new HashMap<>();

  /**
   * @param stays in the order in which they began
   */
  public RecordedDecisions(List<Stay> stays) {
    waiting = new LinkedList<>(stays);
  }

  @Override
  public OptionalInt next() {
    for (Iterator<Stay> stays = waiting.iterator(); stays.hasNext(); ) {
      Stay stay = stays.next();
      if (!running.containsKey(stay.trial())) {
        stays.remove();
        running.put(stay.trial(), stay);
        return OptionalInt.of(stay.trial());
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public TrialDecision report(int trial, int epoch, double score) {
    Stay stay = running.get(trial);
    if (stay == null) {
      throw new IllegalStateException("trial is with no worker: trial=" + trial);
    }
    if (epoch < stay.lastEpoch() && !Double.isNaN(score)) {
      return TrialDecision.CONTINUE;
    }
    running.remove(trial);
    return stay.decision();
  }

  @Override
  public int nextStop(int trial, int epoch) {
    return running.get(trial).lastEpoch();
  }

  @Override
  public boolean isDone() {
    return waiting.isEmpty() && running.isEmpty();
  }
}
