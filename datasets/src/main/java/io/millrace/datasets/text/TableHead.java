package io.millrace.datasets.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.InputLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The first lines of a text table, from which its layout is detected: lines of data and maybe a
 * header, without comments and blank lines.
 *
 * @param file the table
 * @param lines the lines, without what ends them; at least one
 * @param numbers the number of each, from 1
 * @param offsets where each begins, in bytes of the unpacked text
 * @param end where the last one ends
 * @param comments lines of comments before the first
 * @param blanks how many blank lines stand anywhere before each
 */
record TableHead(
    Path file,
    List<byte[]> lines,
    List<Long> numbers,
    List<Long> offsets,
    long end,
    long comments,
    List<Long> blanks) {
  private static final int MAX_LINES = 200;
  private static final int MAX_BYTES = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

  static TableHead read(Path file) {
    try (LineReader reader = LineReader.open(file)) {
      List<byte[]> lines = new ArrayList<>();
      List<Long> numbers = new ArrayList<>();
      List<Long> offsets = new ArrayList<>();
      long comments = 0;
      List<Long> blanks = new ArrayList<>();
      long blank = 0;
      long end = 0;
      while (lines.size() < MAX_LINES && (lines.size() < 2 || end < MAX_BYTES) && reader.next()) {
        byte[] line = Arrays.copyOfRange(reader.buffer(), reader.start(), reader.end());
        int mark = reader.number() == 1 && hasMark(line) ? BYTE_ORDER_MARK.length : 0;
        line = mark > 0 ? Arrays.copyOfRange(line, mark, line.length) : line;
        end = reader.offset() + mark + line.length;
        if (reader.number() == 1 && new String(line, ISO_8859_1).startsWith("%%MatrixMarket")) {
          throw BadInputException.of("this is Matrix Market, not a table of edges", "file", file);
        }
        if (isBlank(line)) {
          blank++;
        } else if (lines.isEmpty() && (line[0] == '#' || line[0] == '%')) {
          comments++;
        } else {
          lines.add(line);
          numbers.add(reader.number());
          offsets.add(reader.offset() + mark);
          blanks.add(blank);
        }
      }
      if (lines.isEmpty()) {
        throw BadInputException.of("file has no lines of data", "file", file);
      }
      return new TableHead(file, lines, numbers, offsets, end, comments, blanks);
    }
  }

  private static boolean hasMark(byte[] line) {
    int length = BYTE_ORDER_MARK.length;
    return line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  String text(int line) {
    return new String(lines.get(line), StandardCharsets.UTF_8);
  }

  /** The fields of a line. */
  List<String> fields(int line, Delimiter delimiter) {
    byte[] bytes = lines.get(line).clone(); // quoted text is unquoted in place
    FieldSplitter fields = new FieldSplitter(delimiter);
    try {
      fields.split(bytes, 0, bytes.length);
      return fields.texts(bytes);
    } catch (MalformedFieldException e) {
      throw e.at((rule, values) -> error(line, rule, values));
    }
  }

  /** The fields of a line that are in quotation marks. */
  Set<Integer> quoted(int line, Delimiter delimiter) {
    byte[] bytes = lines.get(line).clone();
    FieldSplitter fields = new FieldSplitter(delimiter);
    fields.split(bytes, 0, bytes.length);
    Set<Integer> quoted = new HashSet<>();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.start(i) > 0 && bytes[fields.start(i) - 1] == '"') {
        quoted.add(i);
      }
    }
    return quoted;
  }

  /** The fields of all lines that have as many as the first. */
  List<List<String>> rows(Delimiter delimiter) {
    List<List<String>> rows = new ArrayList<>();
    for (int line = 0; line < lines.size(); line++) {
      List<String> row;
      try {
        row = fields(line, delimiter);
      } catch (BadInputException e) {
        if (line < 2) {
          throw e;
        }
        continue; // reported when the line is read as data
      }
      if (rows.isEmpty() || row.size() == rows.getFirst().size()) {
        rows.add(row);
      }
    }
    return rows;
  }

  BadInputException error(int line, String rule, Object... values) {
    return InputLocation.error(
        rule, new Object[] {"file", file, "line", numbers.get(line)}, values);
  }
}
