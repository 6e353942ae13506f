package io.millrace.sweeps;

import io.millrace.sweeps.TrialRow.State;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of all trials, as the events so far make them. Not thread-safe; {@link #rows} and {@link
 * #ranked} are copies.
 */
final class SweepTable {
  /** The best first: by score, then by the lower number; trials without a score last. */
  private static final Comparator<TrialRow> BEST_FIRST =
      Comparator.comparingDouble(TrialRow::score)
          .reversed()
          .thenComparingInt(row -> row.trial().number());

  private final int maxEpochs;
  private final Map<Integer, TrialRow> rows = new TreeMap<>();
  private Optional<SweepEvent.Tested> tested = Optional.empty();
  private int epochs;

  SweepTable(int maxEpochs) {
    this.maxEpochs = maxEpochs;
  }

  void apply(SweepEvent event) {
    switch (event) {
      case SweepEvent.Opened _ -> {}
      case SweepEvent.Began it -> {
        Trial trial = new Trial(it.trial(), it.seed(), it.settings());
        TrialRow row = rows.getOrDefault(it.trial(), TrialRow.begun(trial));
        rows.put(it.trial(), row.in(State.RUNNING));
      }
      case SweepEvent.Reported it -> {
        epochs++;
        rows.computeIfPresent(it.trial(), (_, row) -> row.reported(it, state(it)));
      }
      case SweepEvent.Failed it ->
          rows.computeIfPresent(it.trial(), (_, row) -> row.failed(it.error()));
      case SweepEvent.Copied it ->
          rows.computeIfPresent(
              it.trial(),
              (_, row) ->
                  row.copied(
                      new Trial(it.trial(), row.trial().seed(), it.settings()),
                      rows.get(it.from())));
      case SweepEvent.Tested it -> tested = Optional.of(it);
    }
  }

  private State state(SweepEvent.Reported it) {
    return switch (it.decision()) {
      case CONTINUE -> State.RUNNING;
      case PAUSE -> State.PAUSED;
      case STOP -> it.epoch() >= maxEpochs ? State.COMPLETE : State.STOPPED;
    };
  }

  /** All epochs that were trained, of all trials. */
  int epochs() {
    return epochs;
  }

  Optional<SweepEvent.Tested> tested() {
    return tested;
  }

  TrialRow row(int trial) {
    return rows.get(trial);
  }

  /** By the trials' numbers. */
  List<TrialRow> rows() {
    return List.copyOf(rows.values());
  }

  /** The best first. */
  List<TrialRow> ranked() {
    return rows.values().stream().sorted(BEST_FIRST).toList();
  }

  /** The best trial that has a model. */
  Optional<TrialRow> best() {
    return ranked().stream().filter(row -> row.bestEpoch() > 0).findFirst();
  }
}
