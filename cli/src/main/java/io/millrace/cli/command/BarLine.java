package io.millrace.cli.command;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * What a progress bar shows, in one line that fits: first the task and its message, then the share
 * that is done, the time left and the bar itself, each only where there is room for it.
 *
 * <p>Stateless and thread-safe.
 */
final class BarLine implements ProgressBarRenderer {
  private static final int MIN_BAR = 10;
  private static final int MAX_BAR = 40;

  @Override
  public String render(ProgressState state, int width) {
    String text = (state.getTaskName() + " " + state.getExtraMessage()).strip();
    String line =
        line(
            text,
            state.getStart(),
            state.getCurrent(),
            state.getMax(),
            state.getElapsedAfterStart(),
            width);
    return line + " ".repeat(width - line.length()); // covers a longer one before it
  }

  /**
   * @param before units that were done when the time began, by an earlier run
   * @param done units that are done, those included
   * @param max units of work, or not above 0 when that is not known
   * @param width columns, at least 1
   */
  static String line(String text, long before, long done, long max, Duration elapsed, int width) {
    String line = status(text, before, done, max, elapsed, width);
    int bar = Math.min(MAX_BAR, width - line.length() - 4); // brackets and space
    return max <= 0 || bar < MIN_BAR ? line : line + "  [" + bar(share(done, max), bar) + "]";
  }

  /** The same without the bar. */
  static String status(String text, long before, long done, long max, Duration elapsed, int width) {
    if (max <= 0) {
      return fitted(text, done == 0 ? "" : Format.count(done), width);
    }
    String line = fitted(text, Format.format("%3.0f %%", 100 * share(done, max)), width);
    return done > before ? fitted(line, left(elapsed, done - before, max - done), width) : line;
  }

  private static double share(long done, long max) {
    return Math.clamp((double) done / max, 0, 1);
  }

  /** Both where there is room for both, otherwise as much of the first as there is room for. */
  private static String fitted(String text, String more, int width) {
    String both = text.isEmpty() || more.isEmpty() ? text + more : text + "  " + more;
    return both.length() <= width ? both : text.substring(0, Math.min(text.length(), width));
  }

  /** By the units a second of this run alone. */
  private static String left(Duration elapsed, long done, long left) {
    long seconds = Math.round(elapsed.toMillis() / 1e3 * Math.max(0, left) / done);
    return seconds < 3600
        ? Format.format("%d:%02d left", seconds / 60, seconds % 60)
        : Format.format("%d:%02d h left", seconds / 3600, seconds / 60 % 60);
  }

  private static String bar(double share, int width) {
    int full = (int) (share * width);
    return "=".repeat(full) + " ".repeat(width - full);
  }
}
