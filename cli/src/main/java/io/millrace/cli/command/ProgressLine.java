package io.millrace.cli.command;

import io.millrace.Internal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * A bar on the last line of a terminal, see {@code BarLine}; or, where there is no terminal, a
 * plain line now and then.
 *
 * <p>The launcher says whether standard error is a terminal, since Java cannot: the system property
 * {@code millrace.columns} is then its width. A started bar must be stopped. Used by one thread.
 */
@Internal
public sealed interface ProgressLine {
  ProgressLine NONE = new None();

  /** The system property that is the terminal's width; absent where there is no terminal. */
  String COLUMNS = "millrace.columns";

  static ProgressLine on(PrintStream err) {
    int columns = Integer.getInteger(COLUMNS, 0);
    return columns == 0 ? new Lines(err, System::nanoTime) : new Bar(err, columns);
  }

  /** What to print for a line to stand where the bar was; the bar is drawn again below it. */
  String above(String text);

  /**
   * @param done units that are done as the time begins, perhaps by an earlier run
   * @param max units of work, or -1 when that is not known
   */
  void start(String task, long done, long max);

  void update(long done, String message);

  void stop();

  /** Prints the progress when nothing was printed for ten seconds. */
  final class Lines implements ProgressLine {
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private final PrintStream err;
    private final LongSupplier clock;
    private String task = "";
    private long before;
    private long max;
    private long startNanos;
    private long saidNanos;

    Lines(PrintStream err, LongSupplier clock) {
      this.err = err;
      this.clock = clock;
    }

    @Override
    public String above(String text) {
      saidNanos = clock.getAsLong();
      return text;
    }

    @Override
    public void start(String newTask, long done, long newMax) {
      task = newTask;
      before = done;
      max = newMax;
      startNanos = clock.getAsLong();
      saidNanos = startNanos;
    }

    @Override
    public void update(long done, String message) {
      long now = clock.getAsLong();
      if (now - saidNanos >= SILENCE_NANOS) {
        saidNanos = now;
        String text = (task + " " + message).strip();
        Duration elapsed = Duration.ofNanos(now - startNanos);
        err.println(BarLine.status(text, before, done, max, elapsed, Integer.MAX_VALUE));
      }
    }

    @Override
    public void stop() {}
  }

  /** Shows nothing. */
  record None() implements ProgressLine {
    @Override
    public String above(String text) {
      return text;
    }

    @Override
    public void start(String task, long done, long max) {}

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
    public void start(String task, long done, long max) {
      stop();
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(max)
              .startsFrom(done, Duration.ZERO)
              .setUpdateIntervalMillis(200)
              .setRenderer(new BarLine())
              .setConsumer(new OneLine(err, columns - 1))
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
        err.print(above("") + "\r");
        err.flush();
      }
    }

    /** The library's own ends the line, which leaves an empty one behind. */
    private static final class OneLine extends ConsoleProgressBarConsumer {
      private OneLine(PrintStream out, int columns) {
        super(out, columns);
      }

      @Override
      public void close() {}
    }
  }
}
