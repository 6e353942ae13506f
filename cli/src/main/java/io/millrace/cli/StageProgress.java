package io.millrace.cli;

import io.millrace.datasets.Progress;

/**
 * Shows the stages of an import, a generator or an inspection: a bar for each on a terminal,
 * otherwise a line for each when it is done.
 *
 * <p>Thread-safe, since stages may report from any thread. Close it, also on failure.
 */
public final class StageProgress implements Progress, AutoCloseable {
  private final Output output;
  private final ProgressLine line;
  private String stage = "";
  private boolean complete;
  private long startNanos;

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
      line.start(stage, total);
    }
    complete = done == total;
    line.update(done, "");
  }

  @Override
  public synchronized void note(String message) {
    output.note("%s", line.above(message));
  }

  @Override
  public synchronized void close() {
    finishStage();
    stage = "";
  }

  private void finishStage() {
    line.stop();
    if (complete && !stage.isEmpty()) {
      output.note("%s: %.1f s", stage, (System.nanoTime() - startNanos) / 1e9);
    }
  }
}
