package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.platform.InputLocation;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.LineReader;
import io.millrace.datasets.text.MalformedFieldException;
import io.millrace.datasets.text.TextFormat;
import java.nio.charset.StandardCharsets;

/**
 * Reads a text table line by line. Used by one thread, which closes it.
 *
 * <p>The next class to read is {@link FieldSplitter}.
 */
@Internal
public final class TableReader implements InputLocation, AutoCloseable {
  private final TextFormat format;
  private final LineReader lines;
  private final FieldSplitter fields;
  private long blankLines;

  private TableReader(TextFormat format, LineReader lines) {
    this.format = format;
    this.lines = lines;
    fields = new FieldSplitter(format.separator());
  }

  public static TableReader open(TextFormat format) {
    return new TableReader(format, LineReader.open(format.file()));
  }

  /** Advances to the next line of data. False if there is none. */
  public boolean next() {
    while (lines.next()) {
      int start =
          (int) Math.max(lines.start(), lines.start() + format.dataOffset() - lines.offset());
      if (start <= lines.end()) {
        if (split(start)) {
          return true;
        }
        blankLines++;
      }
    }
    return false;
  }

  private boolean split(int start) {
    try {
      fields.split(lines.buffer(), start, lines.end());
      if (fields.count() == 0) {
        return false;
      }
      format.requireColumns(fields);
      return true;
    } catch (MalformedFieldException e) {
      throw e.at(this);
    }
  }

  /** Blank lines of data that have been skipped so far. */
  long blankLines() {
    return blankLines;
  }

  boolean isNumber(int column) {
    return FieldParser.isNumber(bytes(), start(column), end(column));
  }

  public String text(int column) {
    return new String(bytes(), start(column), end(column) - start(column), StandardCharsets.UTF_8);
  }

  double number(int column) {
    try {
      return FieldParser.number(bytes(), start(column), end(column));
    } catch (MalformedFieldException e) {
      throw e.at((rule, values) -> errorAt(column, rule, values));
    }
  }

  /** Reads an id from a column and looks up its node, see {@link NodeIds}. */
  int node(NodeIds ids, int column) {
    try {
      return ids.node(bytes(), ids.token(bytes(), start(column), end(column)));
    } catch (MalformedFieldException e) {
      throw e.at((rule, values) -> errorAt(column, rule, values));
    }
  }

  byte[] bytes() {
    return lines.buffer();
  }

  int start(int column) {
    return fields.start(column);
  }

  int end(int column) {
    return fields.end(column);
  }

  /** An error at the current line. */
  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return InputLocation.error(
        rule, new Object[] {"file", format.file(), "line", lines.number()}, namesAndValues);
  }

  /** An error at a column of the current line. */
  BadInputException errorAt(int column, String rule, Object... namesAndValues) {
    return InputLocation.error(
        rule,
        new Object[] {
          "file", format.file(), "line", lines.number(), "column", format.columnName(column)
        },
        namesAndValues);
  }

  @Override
  public void close() {
    lines.close();
  }
}
