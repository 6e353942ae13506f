package io.millrace.datasets.text;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads numbers from a csv file without a header, plain or gzipped, straight from its bytes.
 *
 * <p>Call {@link #nextLine}, then read its values from left to right, then {@link #endLine}. Every
 * error is one line that names file and line. A value may be surrounded by blanks. Used by one
 * thread, which closes it. The next class to read is {@link LineReader}.
 */
@Internal
public final class CsvReader implements InputLocation, AutoCloseable {
  private final LineReader lines;
  private byte[] buffer;
  private int column;

  /** The next value begins here; {@code lineEnd + 1} when the line has no more values. */
  private int at;

  private int lineEnd;

  private CsvReader(LineReader lines) {
    this.lines = lines;
  }

  public static CsvReader open(Path file) {
    return new CsvReader(LineReader.open(file));
  }

  /** Goes to the next line, if there is one. */
  public boolean nextLine() {
    if (!lines.next()) {
      return false;
    }
    buffer = lines.buffer();
    at = lines.start();
    lineEnd = lines.end();
    column = 0;
    return true;
  }

  /** Whether the line has no more values; a line of blanks has none. */
  public boolean atLineEnd() {
    if (column == 0) {
      skipBlanks();
      return at == lineEnd;
    }
    return at > lineEnd;
  }

  /** The next value, an integer of at most 18 digits. */
  public long nextLong() {
    int start = startOfValue();
    boolean negative = at < lineEnd && buffer[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    int firstDigit = at;
    while (at < lineEnd && isDigit(buffer[at])) {
      value = 10 * value + (buffer[at++] - '0');
    }
    int digits = at - firstDigit;
    skipBlanks();
    if (digits == 0 || digits > 18 || !atSeparator()) {
      throw notANumber("integer", start);
    }
    at++;
    return negative ? -value : value;
  }

  /** The next value, which must be in {@code [0, end)}: an id. */
  public int nextId(String rule, int end, String endName) {
    long id = nextLong();
    if (id < 0 || id >= end) {
      throw error(rule, "id", id, endName, end);
    }
    return (int) id;
  }

  /**
   * The next value; may be infinite or NaN. Rounded to float32 it is the float32 nearest to the
   * text, also where the text lies so close to the middle of two that rounding twice would differ.
   */
  public double nextDouble() {
    int start = startOfValue();
    while (at < lineEnd && buffer[at] != ',') {
      at++;
    }
    int end = at++;
    if (FieldParser.hasSuffix(buffer, start, end)) {
      return nonFinite(start, end);
    }
    try {
      double value = JavaDoubleParser.parseDouble(buffer, start, end - start);
      return isMiddle(value) ? JavaFloatParser.parseFloat(buffer, start, end - start) : value;
    } catch (NumberFormatException _) {
      return nonFinite(start, end);
    }
  }

  /** Whether a value lies in the middle of two of float32. */
  private static boolean isMiddle(double value) {
    float near = (float) value;
    if (near == value) {
      return false;
    }
    float other = near < value ? Math.nextUp(near) : Math.nextDown(near);
    return ((double) near + other) / 2 == value;
  }

  /** Numpy and pandas write nan and inf, Java reads only NaN and Infinity. */
  private double nonFinite(int start, int end) {
    String value = new String(buffer, start, end - start, StandardCharsets.UTF_8);
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw notANumber("number", start);
    };
  }

  /** How many values the current line has; called before the first is read. */
  public int countColumns() {
    int columns = 1;
    for (int i = at; i < lineEnd; i++) {
      columns += buffer[i] == ',' ? 1 : 0;
    }
    if (columns > FieldSplitter.MAX_COLUMNS) {
      throw error("too many columns", "columns", columns, "max", FieldSplitter.MAX_COLUMNS);
    }
    return columns;
  }

  /** Checks that the line has no more values. */
  public void endLine() {
    if (at <= lineEnd) {
      int columns = column;
      while (at <= lineEnd) {
        columns += at == lineEnd || buffer[at] == ',' ? 1 : 0;
        at++;
      }
      throw error("wrong number of columns", "columns", columns, "need", column);
    }
  }

  private int startOfValue() {
    column++;
    if (at > lineEnd) {
      throw error("too few columns", "columns", column - 1);
    }
    skipBlanks();
    return at;
  }

  private void skipBlanks() {
    while (at < lineEnd && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
  }

  private boolean atSeparator() {
    return at == lineEnd || buffer[at] == ',';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private BadInputException notANumber(String kind, int start) {
    int end = start;
    while (end < lineEnd && end < start + 40 && buffer[end] != ',') {
      end++;
    }
    String value = new String(buffer, start, end - start, StandardCharsets.UTF_8);
    return error(
        "not " + (kind.equals("integer") ? "an " : "a ") + kind, "column", column, "value", value);
  }

  /** An error at the current line. */
  @Override
  public BadInputException error(String rule, Object... namesAndValues) {
    return InputLocation.error(rule, new Object[] {"file", file(), "line", line()}, namesAndValues);
  }

  /** The number of the current line, from 1; 0 before the first. */
  public long line() {
    return lines.number();
  }

  public Path file() {
    return lines.file();
  }

  @Override
  public void close() {
    lines.close();
  }
}
