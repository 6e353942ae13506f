package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.datasets.text.TextFormat;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The splits of a node table: one column of words or of the numbers 0, 1 and 2, or three columns of
 * booleans, which are the masks of train, valid and test.
 */
final class TableSplits {
  private static final int NUM_MASKS = Split.values().length;

  private final TextFormat format;
  private final List<Integer> columns;
  private final Map<Split, IntStream.Builder> nodes = new EnumMap<>(Split.class);
  private final Set<Split> numbered = EnumSet.noneOf(Split.class);
  private boolean words;

  TableSplits(TextFormat format, List<Integer> columns) {
    this.format = format;
    this.columns = columns;
    if (columns.size() > 1 && columns.size() != NUM_MASKS) {
      throw BadInputException.of(
          "splits need one column, or three masks: train, valid, test",
          "file",
          format.file(),
          "columns",
          columns.stream().map(format::columnName).toList());
    }
  }

  /** Reads the split of the next node. */
  void add(TableReader rows, int node) {
    Optional<Split> split = columns.size() == 1 ? split(rows, columns.getFirst()) : masks(rows);
    split.ifPresent(of -> nodes.computeIfAbsent(of, _ -> IntStream.builder()).add(node));
  }

  private Optional<Split> split(TableReader rows, int column) {
    String text = TableWords.lower(rows.text(column));
    if (TableWords.isMissing(text) || text.equals("-1")) {
      return Optional.empty();
    }
    if (rows.isNumber(column)) {
      return Optional.of(numbered(rows, column));
    }
    words = true;
    Optional<Split> named = Split.ofWord(text);
    if (named.isEmpty()) {
      throw notASplit(rows, column);
    }
    return named;
  }

  private Split numbered(TableReader rows, int column) {
    double number = rows.number(column);
    int index = (int) number;
    if (index != number || index < 0 || index >= NUM_MASKS) {
      throw notASplit(rows, column);
    }
    numbered.add(Split.values()[index]);
    return Split.values()[index];
  }

  private static BadInputException notASplit(TableReader rows, int column) {
    return rows.errorAt(
        column, "not a split", "value", rows.text(column), "need", "train, valid or test");
  }

  private Optional<Split> masks(TableReader rows) {
    Optional<Split> found = Optional.empty();
    for (Split split : Split.values()) {
      if (mask(rows, columns.get(split.ordinal()))) {
        if (found.isPresent()) {
          throw rows.error("node is in two splits", "splits", found.get() + " and " + split);
        }
        found = Optional.of(split);
      }
    }
    return found;
  }

  private static boolean mask(TableReader rows, int column) {
    String text = rows.text(column);
    if (TableWords.isMissing(text)) {
      return false;
    }
    OptionalInt word = TableWords.bool(text);
    double value =
        word.isPresent() ? word.getAsInt() : rows.isNumber(column) ? rows.number(column) : -1;
    if (value != 0 && value != 1) {
      throw rows.errorAt(column, "not a boolean", "value", text, "need", "true or false, 1 or 0");
    }
    return value == 1;
  }

  /**
   * Called after the last node.
   *
   * @throws BadInputException if numbers are mixed with words, or are not all of 0, 1 and 2: 0 and
   *     1 alone may as well mean false and true
   */
  void end() {
    if (!numbered.isEmpty() && (words || numbered.size() < NUM_MASKS)) {
      throw BadInputException.of(
          "splits need words, or all of the numbers 0 (train), 1 (valid) and 2 (test)",
          "file",
          format.file(),
          "column",
          format.columnName(columns.getFirst()));
    }
  }

  /** All three splits. */
  Map<Split, int[]> nodes() {
    Map<Split, int[]> all = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      all.put(split, nodes.getOrDefault(split, IntStream.builder()).build().toArray());
    }
    return all;
  }
}
