package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A column of features: in each field a number, a word such as True, or several of them. Several
 * stand in square brackets, with blanks, {@code ,} or {@code ;} between them, or without brackets,
 * with blanks, {@code ;} or {@code |}: a comma alone may be a decimal one.
 *
 * @param index the column, from 0
 * @param width values in each field
 */
record FeatureColumn(int index, int width) {

  /** The number of values in a field of the current line; 0 if it is missing. */
  static int count(TableReader rows, int column) {
    return TableWords.isMissing(rows.text(column))
        ? 0
        : new FeatureColumn(column, 0).scan(rows, new double[0], 0);
  }

  /** Reads the field of the current line into {@code row[at]} to {@code row[at + width - 1]}. */
  void read(TableReader rows, double[] row, int at) {
    if (width == 1 && beginsNumber(rows)) {
      row[at] = rows.number(index);
    } else if (TableWords.isMissing(rows.text(index))) {
      Arrays.fill(row, at, at + width, Double.NaN);
    } else {
      int count = scan(rows, row, at);
      if (count != width) {
        throw rows.errorAt(index, "wrong number of values", "values", count, "need", width);
      }
    }
  }

  private boolean beginsNumber(TableReader rows) {
    int start = rows.start(index);
    int first = start < rows.end(index) ? rows.bytes()[start] : ' ';
    boolean signed = (first == '-' || first == '+') && rows.end(index) > start + 1;
    return signed || first == '.' || first >= '0' && first <= '9';
  }

  /** Reads up to {@code width} values; returns how many there are. */
  private int scan(TableReader rows, double[] row, int to) {
    byte[] bytes = rows.bytes();
    int at = rows.start(index);
    int end = rows.end(index);
    boolean brackets = end - at > 1 && bytes[at] == '[' && bytes[end - 1] == ']';
    if (brackets) {
      at++;
      end--;
    }
    at = skipBlanks(bytes, at, end);
    int count = 0;
    boolean more = at < end;
    while (more) {
      int start = at;
      while (at < end && !isBlank(bytes[at]) && !isMark(bytes[at], brackets)) {
        at++;
      }
      if (count < width) {
        row[to + count] = value(rows, start, at);
      }
      count++;
      at = skipBlanks(bytes, at, end);
      more = at < end;
      if (more && isMark(bytes[at], brackets)) {
        at = skipBlanks(bytes, at + 1, end); // a value follows, though it may be empty
      }
    }
    return count;
  }

  private double value(TableReader rows, int start, int end) {
    byte first = start < end ? rows.bytes()[start] : (byte) ' ';
    if (first > '9' || first <= ' ' || first == '#') {
      String text = new String(rows.bytes(), start, end - start, StandardCharsets.UTF_8);
      OptionalInt word = TableWords.bool(text);
      if (word.isPresent()) {
        return word.getAsInt();
      }
      if (TableWords.isMissing(text)) {
        return Double.NaN;
      }
    }
    try {
      return FieldParser.number(rows.bytes(), start, end);
    } catch (MalformedFieldException e) {
      throw e.at((rule, values) -> rows.errorAt(index, rule, values));
    }
  }

  private static int skipBlanks(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isMark(byte b, boolean brackets) {
    return b == ';' || b == (brackets ? ',' : '|');
  }
}
