package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
 * @param textColumns the columns that the file declares to be text, even where it looks like
 *     numbers
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
    Set<Integer> textColumns,
    LayoutFindings findings) {

  /**
   * Detects the layout from the beginning of a file. A Parquet file is always csv with a header,
   * {@code ParquetAsCsv}.
   *
   * @param separator empty = detected
   * @param asked the columns that the user selects: if one is selected by its name, there is a
   *     header
   * @throws BadInputException if the layout cannot be determined
   */
  public static TextFormat detect(
      Path file, Optional<Delimiter> separator, HeaderMode header, List<String> asked) {
    TableHead head = TableHead.read(file);
    boolean parquet = TextFile.isParquet(file);
    if (!parquet) {
      ForeignFormat.refuseBytes(head);
    }
    if (!parquet && separator.isEmpty()) {
      ForeignFormat.refuse(head);
    }
    Delimiter delimiter =
        parquet ? Delimiter.COMMA : separator.orElseGet(() -> DelimiterDetector.detect(head));
    List<List<String>> rows = head.rows(delimiter);
    HeaderDetector.Decision decision =
        parquet
            ? new HeaderDetector.Decision(HeaderDetector.Answer.YES, "yes, from the schema")
            : decision(head, rows, header, asked);
    boolean isHeader = decision.answer() == HeaderDetector.Answer.YES;
    boolean hasData = !isHeader || head.lines().size() > 1;
    int data = isHeader && hasData ? 1 : 0;
    LayoutFindings findings =
        new LayoutFindings(
            delimiter.name() + (parquet ? "" : separator.isPresent() ? ", as given" : ", detected"),
            decision.reason(),
            head.comments(),
            head.blanks().get(data));
    List<String> first = rows.getFirst();
    return new TextFormat(
        file,
        delimiter,
        isHeader ? first : List.of(),
        first.size(),
        hasData ? head.offsets().get(data) : head.end(),
        hasData ? head.fields(data, delimiter) : List.of(),
        parquet && hasData ? head.quoted(data, delimiter) : Set.of(),
        findings);
  }

  private static HeaderDetector.Decision decision(
      TableHead head, List<List<String>> rows, HeaderMode mode, List<String> asked) {
    HeaderDetector.Decision decision =
        switch (mode) {
          case YES -> new HeaderDetector.Decision(HeaderDetector.Answer.YES, "yes, as given");
          case NO -> new HeaderDetector.Decision(HeaderDetector.Answer.NO, "no, as given");
          case AUTO ->
              asked.stream().anyMatch(ColumnNames::isName)
                  ? new HeaderDetector.Decision(
                      HeaderDetector.Answer.YES, "yes, a column is selected by its name")
                  : HeaderDetector.decide(rows.getFirst(), rows.subList(1, rows.size()));
        };
    if (decision.answer() == HeaderDetector.Answer.DOUBT) {
      throw head.error(
          0,
          "cannot tell whether the first line is a header, give --header yes or --header no",
          "because",
          decision.reason(),
          "value",
          rows.getFirst());
    }
    return decision;
  }

  /** A table whose layout is known. */
  public static TextFormat plain(Path file, Delimiter separator, int numColumns) {
    return new TextFormat(
        file, separator, List.of(), numColumns, 0, List.of(), Set.of(), LayoutFindings.PLAIN);
  }

  /**
   * Finds columns by name or number.
   *
   * @param asked all columns of the table that the user gave
   */
  public ColumnNames columns(List<String> asked) {
    return new ColumnNames(this, asked);
  }

  /** Checks that there is a column of this index, from 0. */
  public void requireColumn(int index) {
    if (index >= numColumns) {
      throw noSuchColumn(Integer.toString(index + 1));
    }
  }

  BadInputException noSuchColumn(String column) {
    return BadInputException.of(
        "no such column",
        "file",
        file,
        "column",
        column,
        header.isEmpty() ? "columns" : "available",
        header.isEmpty() ? numColumns : header);
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

  /** Whether the first line of data has an integer there, or there is no such line. */
  public boolean hasInteger(int index) {
    if (index >= first.size()) {
      return true;
    }
    byte[] bytes = first.get(index).getBytes(StandardCharsets.UTF_8);
    return !textColumns.contains(index) && FieldParser.isPlainInteger(bytes, 0, bytes.length);
  }
}
