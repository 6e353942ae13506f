package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.text.ColumnNames;
import io.millrace.datasets.text.TextFormat;
import java.util.HashMap;
import java.util.Map;

/** What the columns of a table are used for. A column has one role. */
final class ColumnRoles {
  private final TextFormat format;
  private final ColumnNames names;
  private final Map<Integer, String> roles = new HashMap<>();

  ColumnRoles(TextFormat format, ColumnNames names) {
    this.format = format;
    this.names = names;
  }

  /**
   * Gives a column a role.
   *
   * @return the column's index, from 0
   * @throws BadInputException if it has one already: a label among the features makes any model
   *     look good
   */
  int add(String role, int column) {
    String other = roles.putIfAbsent(column, role);
    if (other != null) {
      throw BadInputException.of(
          "column has two roles",
          "file",
          format.file(),
          "column",
          format.columnName(column),
          "roles",
          other + " and " + role);
    }
    return column;
  }

  /** As {@link #add}; a table with fewer columns is refused. */
  int addAt(String role, int column) {
    format.requireColumn(column);
    return add(role, column);
  }

  int add(String role, String column) {
    return add(role, names.index(column));
  }
}
