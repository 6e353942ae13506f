package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The layout of a text table. Lines that begin with {@code #} or {@code %} before the first line of
 * data are comments.
 *
 * @param file the table
 * @param separator the delimiter between columns
 * @param header the columns' names; empty if the file has none
 * @param numColumns columns of every line
 * @param dataOffset where the first line of data begins, in bytes of the unpacked text
 * @param first the columns of the first line of data; empty if there is none
 * @param findings how all this is known
 */
@Internal
public record TextFormat(
    Path file,
    Delimiter separator,
    List<String> header,
    int numColumns,
    long dataOffset,
    List<String> first,
    LayoutFindings findings) {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /**
   * Detects the layout from the beginning of a file. A Parquet file is always csv with a header,
   * {@link ParquetAsCsv}.
   *
   * @param separator empty = detected from the first line
   * @param byName whether a column is selected by its name
   */
  public static TextFormat detect(
      Path file, Optional<Delimiter> separator, HeaderMode header, boolean byName) {
    boolean parquet = TextFile.isParquet(file);
    try (LineReader lines = LineReader.open(file)) {
      long comments = 0;
      long blanks = 0;
      String line = nextLine(lines);
      while (line.isBlank() || line.startsWith("#") || line.startsWith("%")) {
        blanks += line.isBlank() ? 1 : 0;
        comments += line.isBlank() ? 0 : 1;
        line = nextLine(lines);
      }
      long offset = lines.offset();
      if (line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(1);
        offset += 3; // in UTF-8
      }
      Delimiter found = parquet ? Delimiter.COMMA : separator.orElse(Delimiter.of(line));
      List<String> first = cells(line, found, lines);
      long firstEnd = lines.offset() + lines.end() - lines.start();
      boolean hasSecond = lines.next();
      List<String> second = hasSecond ? cells(text(lines), found, lines) : List.of();
      String reason =
          switch (parquet ? HeaderMode.YES : header) {
            case YES -> parquet ? "yes, from the schema" : "yes, as given";
            case NO -> "no, as given";
            case AUTO -> detected(first, second, byName);
          };
      LayoutFindings findings =
          new LayoutFindings(
              found.name().toLowerCase(Locale.ROOT)
                  + (parquet ? "" : separator.isPresent() ? ", as given" : ", detected"),
              reason,
              comments,
              blanks);
      if (reason.startsWith("no")) {
        return new TextFormat(file, found, List.of(), first.size(), offset, first, findings);
      }
      long afterFirst = hasSecond ? lines.offset() : firstEnd;
      return new TextFormat(file, found, first, first.size(), afterFirst, second, findings);
    }
  }

  /** A table whose layout is known. */
  public static TextFormat plain(Path file, Delimiter separator, int numColumns) {
    return new TextFormat(
        file, separator, List.of(), numColumns, 0, List.of(), LayoutFindings.PLAIN);
  }

  private static String nextLine(LineReader lines) {
    if (lines.next()) {
      return text(lines);
    }
    throw BadInputException.of("file has no lines of data", "file", lines.file());
  }

  private static String text(LineReader lines) {
    return new String(
        lines.buffer(), lines.start(), lines.end() - lines.start(), StandardCharsets.UTF_8);
  }

  private static List<String> cells(String line, Delimiter separator, LineReader lines) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    FieldSplitter fields = new FieldSplitter(separator);
    try {
      fields.split(bytes, 0, bytes.length);
      return fields.texts(bytes);
    } catch (MalformedFieldException e) {
      throw e.at(
          (rule, values) ->
              InputLocation.error(
                  rule, new Object[] {"file", lines.file(), "line", lines.number()}, values));
    }
  }

  private static String detected(List<String> first, List<String> second, boolean byName) {
    if (byName) {
      return "yes, a column is named";
    }
    return looksLikeHeader(first, second)
        ? "yes, text stands above numbers"
        : "no, no text stands above numbers";
  }

  private static boolean looksLikeHeader(List<String> first, List<String> second) {
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      if (isNumber(second.get(i)) && !isNumber(first.get(i)) && !first.get(i).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return FieldParser.isNumber(bytes, 0, bytes.length);
  }

  /**
   * The index of a column, from 0.
   *
   * @param column its name, or its number from 1
   */
  public int index(String column) {
    int named = header.indexOf(column);
    if (named >= 0) {
      return named;
    }
    if (column.matches("\\d{1,9}")) {
      int number = Integer.parseInt(column);
      if (number >= 1 && number <= numColumns) {
        return number - 1;
      }
    }
    throw BadInputException.of(
        "no such column",
        "file",
        file,
        "column",
        column,
        header.isEmpty() ? "columns" : "available",
        header.isEmpty() ? numColumns : header);
  }

  /**
   * The indexes of several columns, from 0.
   *
   * @param columns each a name, a number from 1, a range of numbers ({@code 3-130}) or the
   *     beginning of names ({@code f*})
   */
  public List<Integer> indexes(List<String> columns) {
    return columns.stream().flatMap(this::indexesOf).toList();
  }

  private Stream<Integer> indexesOf(String columns) {
    if (columns.endsWith("*")) {
      String start = columns.substring(0, columns.length() - 1);
      List<Integer> found =
          IntStream.range(0, header.size())
              .filter(i -> header.get(i).startsWith(start))
              .boxed()
              .toList();
      return found.isEmpty() ? Stream.of(index(columns)) : found.stream();
    }
    if (columns.matches("\\d{1,9}-\\d{1,9}") && !header.contains(columns)) {
      int dash = columns.indexOf('-');
      int first = index(columns.substring(0, dash));
      int last = index(columns.substring(dash + 1));
      return IntStream.rangeClosed(first, last).boxed();
    }
    return Stream.of(index(columns));
  }

  /** The name of a column, or its number from 1, for messages. */
  public String columnName(int index) {
    return header.isEmpty() ? Integer.toString(index + 1) : header.get(index);
  }

  /** Checks that a line has as many columns as the first. */
  public void requireColumns(FieldSplitter fields) {
    int columns = fields.count();
    if (columns != numColumns) {
      throw new MalformedFieldException(
          columns < numColumns ? "too few columns" : "wrong number of columns",
          "columns",
          columns,
          "need",
          numColumns);
    }
  }

  /** Whether a column is given by its name. */
  public static boolean isName(String column) {
    return !column.matches("\\d{1,9}(-\\d{1,9})?");
  }

  /** Whether the first line of data has an integer there, or there is no such line. */
  public boolean hasInteger(int index) {
    if (index >= first.size()) {
      return true;
    }
    byte[] bytes = first.get(index).getBytes(StandardCharsets.UTF_8);
    return FieldParser.isInteger(bytes, 0, bytes.length);
  }
}
