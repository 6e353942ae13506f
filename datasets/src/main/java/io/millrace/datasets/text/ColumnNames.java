package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the columns of a text table that a user asked for. Some headers consist of numbers, so all
 * numbers that were asked for are read in one way: as names if all of them are names, otherwise as
 * positions from 1. Immutable.
 */
@Internal
public final class ColumnNames {
  private static final String NUMBER = "\\d{1,9}";
  private static final String RANGE = NUMBER + "-" + NUMBER;

  private final TextFormat format;
  private final boolean numbersAreNames;

  ColumnNames(TextFormat format, List<String> asked) {
    this.format = format;
    List<String> numbers = asked.stream().filter(column -> column.matches(NUMBER)).toList();
    numbersAreNames = !numbers.isEmpty() && format.header().containsAll(numbers);
  }

  /** Whether a column is given by its name, and not by its number or a range of numbers. */
  public static boolean isName(String column) {
    return !column.matches(NUMBER) && !column.matches(RANGE);
  }

  /**
   * The index of a column, from 0.
   *
   * @param column its name, or its number from 1
   */
  public int index(String column) {
    return !column.matches(NUMBER) || numbersAreNames ? named(column) : numbered(column);
  }

  private int named(String column) {
    int index = format.header().indexOf(column);
    if (index < 0) {
      throw format.noSuchColumn(column);
    }
    if (format.header().lastIndexOf(column) != index) {
      throw BadInputException.of(
          "several columns have this name, give the column's number",
          "file",
          format.file(),
          "column",
          column,
          "available",
          format.header());
    }
    return index;
  }

  private int numbered(String column) {
    int number = Integer.parseInt(column);
    if (number < 1 || number > format.numColumns()) {
      throw format.noSuchColumn(column);
    }
    return number - 1;
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
    List<String> header = format.header();
    if (columns.endsWith("*")) {
      String start = columns.substring(0, columns.length() - 1);
      List<Integer> found =
          IntStream.range(0, header.size())
              .filter(i -> header.get(i).startsWith(start))
              .boxed()
              .toList();
      return found.isEmpty() ? Stream.of(index(columns)) : found.stream();
    }
    if (columns.matches(RANGE) && !header.contains(columns)) {
      int dash = columns.indexOf('-');
      int first = numbered(columns.substring(0, dash));
      int last = numbered(columns.substring(dash + 1));
      return IntStream.rangeClosed(first, last).boxed();
    }
    return Stream.of(index(columns));
  }
}
