package io.millrace.bench.harness;

import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for people: the first column is aligned left, the others right. */
public final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  public TextTable(String... header) {
    rows.add(header);
  }

  public void add(String... row) {
    rows.add(row);
  }

  public void print(Output output) {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length()));
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(row[0] + " ".repeat(widths[0] - row[0].length()));
      for (int i = 1; i < row.length; i++) {
        line.append(" ".repeat(widths[i] - row[i].length() + 2)).append(row[i]);
      }
      output.result("%s", line);
    }
  }
}
