package io.millrace.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * A bar on the last line of a terminal, see {@link BarLine}; or nothing, where there is no
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

  /** What to print for a line to stand where the bar was; the bar is drawn again below it. */
  String above(String text);

  /**
   * @param max units of work, or -1 when that is not known
   */
  void start(String task, long max);

  void update(long done, String message);

  void stop();

  /** Shows nothing. */
  record None() implements ProgressLine {
    @Override
    public String above(String text) {
      return text;
    }

    @Override
    public void start(String task, long max) {}

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
    public String above(String text) {
      return "\r" + text + " ".repeat(Math.max(0, columns - 1 - text.length()));
    }

    @Override
    public void start(String task, long max) {
      stop();
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(max)
              .setUpdateIntervalMillis(200)
              .setRenderer(new BarLine())
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
