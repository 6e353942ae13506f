package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.text.TextFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A text table of edges, and which of its columns hold what. Columns are counted from 0.
 *
 * @param weight a finite number; empty = edges have no weights
 * @param time a 64-bit integer; empty = edges have no times
 */
@Internal
public record EdgeTable(TextFormat format, int src, int dst, OptionalInt weight, OptionalInt time) {

  /** A table of two columns, source and destination. */
  public static EdgeTable pairs(TextFormat format) {
    return new EdgeTable(format, 0, 1, OptionalInt.empty(), OptionalInt.empty());
  }

  /** Whether a line is the two ends of an edge and nothing else. */
  boolean isPairs() {
    return format.numColumns() == 2 && src == 0 && dst == 1 && weight.isEmpty() && time.isEmpty();
  }

  /** What is taken from which column, for people. */
  public Map<String, String> uses() {
    Map<String, String> uses = new LinkedHashMap<>();
    uses.put("source", format.columnName(src));
    uses.put("destination", format.columnName(dst));
    weight.ifPresent(column -> uses.put("weight", format.columnName(column)));
    time.ifPresent(column -> uses.put("time", format.columnName(column)));
    return uses;
  }

  /** The first edge by its ids; empty if there is no line of data. */
  public Optional<String> firstEdge() {
    List<String> first = format.first();
    return first.size() > Math.max(src, dst)
        ? Optional.of(first.get(src) + " -> " + first.get(dst))
        : Optional.empty();
  }

  /** Whether the ids in the first line of data are integers. */
  public boolean hasIntegers() {
    return format.hasInteger(src) && format.hasInteger(dst);
  }
}
