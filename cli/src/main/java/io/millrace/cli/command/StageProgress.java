package io.millrace.cli.command;

import io.millrace.Progress;

/**
 * Shows the stages of an import, a generator or an inspection: a bar for each on a terminal,
 * otherwise a line for each when it is done, and now and then until then. All say how many million
 * units (edges, rows, bytes) a second were done.
 *
 * <p>Thread-safe, since stages may report from any thread. Close it, also on failure.
 */
public final class StageProgress implements Progress, AutoCloseable {
  private static final long MIN_UNITS = 100_000;

  private final Output output;
  private final ProgressLine line;
  private String stage = "";
  private boolean complete;
  private long startNanos;
  private long startUnits;
  private long units;

  StageProgress(Output output, ProgressLine line) {
    this.output = output;
    this.line = line;
  }

  @Override
  public synchronized void update(String newStage, long done, long total) {
    if (!newStage.equals(stage)) {
      complete = true; // or the next one would not begin
      finishStage();
      stage = newStage;
      startNanos = System.nanoTime();
      startUnits = done; // a download may resume in the middle
      line.start(stage, done, total);
    }
    complete = done == total;
    units = done - startUnits;
    line.update(done, rate());
  }

  @Override
  public synchronized void note(String message) {
    output.noteAbove(line, message);
  }

  @Override
  public synchronized void close() {
    finishStage();
    stage = "";
  }

  private void finishStage() {
    line.stop();
    if (complete && !stage.isEmpty()) {
      output.note("%s: %.1f s%s", stage, seconds(), rate().isEmpty() ? "" : ", " + rate());
    }
  }

  /** Units a second, where there are so many that it says something. */
  private String rate() {
    return units < MIN_UNITS ? "" : Format.format("%.1f M/s", units / 1e6 / seconds());
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
