package io.millrace.cli.command;

import io.millrace.Internal;
import io.millrace.Printable;
import java.io.PrintStream;
import java.util.List;

/**
 * Lines that stay at the bottom of a terminal and change in place; nothing where there is no
 * terminal. Used by one thread at a time, which clears it at the end.
 */
@Internal
public final class LiveLines {
  private final PrintStream err;
  private final int columns;
  private int shown;

  /**
   * @param columns of the terminal; 0 if there is none
   */
  LiveLines(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  /** Replaces the lines that are shown. */
  public void show(List<String> lines) {
    if (columns == 0) {
      return;
    }
    StringBuilder text = new StringBuilder(toTop());
    for (String line : lines) {
      String printable = Printable.of(line);
      text.append(printable, 0, Math.min(printable.length(), columns - 1)).append("\u001b[K\n");
    }
    err.print(text.append("\u001b[J"));
    err.flush();
    shown = lines.size();
  }

  /** Removes the lines. */
  public void clear() {
    if (shown > 0) {
      err.print(toTop() + "\u001b[J");
      err.flush();
      shown = 0;
    }
  }

  private String toTop() {
    return shown == 0 ? "" : "\r\u001b[" + shown + "A";
  }
}
