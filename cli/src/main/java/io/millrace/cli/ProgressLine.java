package io.millrace.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar on the last line of a terminal, with rate and time left; or nothing, where there is no
 * terminal.
 *
 * <p>The launcher says whether standard error is a terminal, since Java cannot: the system property
 * {@code millrace.columns} is then its width. A started bar must be stopped. Used by one thread.
 */
sealed interface ProgressLine {
  ProgressLine NONE = new None();

  static ProgressLine on(PrintStream err) {
    int columns = Integer.getInteger("millrace.columns", 0);
    return columns == 0 ? NONE : new Bar(err, columns);
  }

  boolean isShown();

  /**
   * @param max units of work, or -1 when that is not known
   * @param unit for instance " batches"
   */
  void start(String task, long max, String unit);

  void update(long done, String message);

  void stop();

  /** Shows nothing. */
  record None() implements ProgressLine {
    @Override
    public boolean isShown() {
      return false;
    }

    @Override
    public void start(String task, long max, String unit) {}

    @Override
    public void update(long done, String message) {}

    @Override
    public void stop() {}
  }

  /** Drawn by a library, at most five times a second. */
  final class Bar implements ProgressLine {
    private final PrintStream err;
    private final int columns;
    private ProgressBar bar;

    private Bar(PrintStream err, int columns) {
      this.err = err;
      this.columns = columns;
    }

    @Override
    public boolean isShown() {
      return true;
    }

    @Override
    public void start(String task, long max, String unit) {
      stop();
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(max)
              .setUnit(unit, 1)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(err, columns - 1))
              .clearDisplayOnFinish()
              .build();
    }

    @Override
    public void update(long done, String message) {
      bar.stepTo(done);
      bar.setExtraMessage(message);
    }

    @Override
    public void stop() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
