package io.millrace.cli.sweep;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.LiveLines;
import io.millrace.cli.command.Output;
import io.millrace.cli.train.TrainLine;
import io.millrace.sweeps.SweepEvent;
import io.millrace.sweeps.SweepListener;
import io.millrace.sweeps.TrialRow;
import io.millrace.training.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows a sweep: a line for each decision, and on a terminal below them a table of the best trials
 * and those that train. Called by one thread at a time; close it, also on failure.
 */
final class SweepProgress implements SweepListener, AutoCloseable {
  private static final int BEST = 8;

  private final Output output;
  private final LiveLines live;
  private final Metric metric;
  private final int numTrials;

  SweepProgress(Output output, Metric metric, int numTrials) {
    this.output = output;
    live = output.liveLines();
    this.metric = metric;
    this.numTrials = numTrials;
  }

  @Override
  public void resumed(List<TrialRow> ranked) {
    output.note("resumed with %d trials of %d", ranked.size(), numTrials);
    live.show(table(ranked));
  }

  @Override
  public void happened(SweepEvent event, List<TrialRow> ranked) {
    String line =
        switch (event) {
          case SweepEvent.Reported it ->
              Format.format(
                  "trial %d epoch %d: valid %s %s, %.2f s%s",
                  it.trial(),
                  it.epoch(),
                  metric.title(),
                  TrainLine.text(metric, it.valid()),
                  it.seconds(),
                  switch (it.decision()) {
                    case CONTINUE -> "";
                    case PAUSE -> ", paused";
                    case STOP -> ", ended";
                  });
          case SweepEvent.Failed it -> Format.format("trial %d failed: %s", it.trial(), it.error());
          case SweepEvent.Copied it ->
              Format.format(
                  "trial %d continues as a copy of %d: %s", it.trial(), it.from(), it.settings());
          case SweepEvent.Began it when it.epoch() == 0 ->
              Format.format("trial %d: %s", it.trial(), it.settings());
          case SweepEvent.Began it ->
              Format.format("trial %d resumes after epoch %d", it.trial(), it.epoch());
          case SweepEvent.Opened _, SweepEvent.Tested _ -> "";
        };
    if (!line.isEmpty()) {
      live.clear();
      output.note("%s", line);
    }
    live.show(table(ranked));
  }

  private List<String> table(List<TrialRow> ranked) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Format.format(
            "%d trials of %d   best of them by valid %s:",
            ranked.size(), numTrials, metric.title()));
    for (int i = 0; i < ranked.size(); i++) {
      TrialRow row = ranked.get(i);
      if (i < BEST || row.state() == TrialRow.State.RUNNING) {
        lines.add(
            Format.format(
                "%5d  %-8s  epoch %3d  %s  %s",
                row.trial().number(),
                row.state().name().toLowerCase(Locale.ROOT),
                row.epochs(),
                row.valid().isPresent() ? TrainLine.text(metric, row.valid().getAsDouble()) : "-",
                row.trial().settings()));
      }
    }
    return lines;
  }

  @Override
  public void close() {
    live.clear();
  }
}
