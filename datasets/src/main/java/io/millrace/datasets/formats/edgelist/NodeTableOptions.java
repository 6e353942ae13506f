package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A text table with one line per node: row 0 is node 0. Immutable. A column is given by its name or
 * by its number, from 1.
 *
 * @param file the table, plain or packed
 * @param idColumn the id by which edges refer to the node; empty = the number of the row, from 0
 * @param featureColumns columns, ranges of numbers ({@code 3-130}) and prefixes of names ({@code
 *     f*}), in the order of the features; empty = no features
 * @param labelColumn the class as a whole number or as text, see {@link TableLabels}; -1, nan and
 *     empty mean unlabelled
 * @param splitColumn train, valid (or val, validation) or test; empty = in no split
 */
public record NodeTableOptions(
    Path file,
    Optional<String> idColumn,
    List<String> featureColumns,
    Optional<String> labelColumn,
    Optional<String> splitColumn) {

  /** Copies the list. */
  public NodeTableOptions {
    featureColumns = List.copyOf(featureColumns);
  }

  /** Whether a column is given by its name, so that the table must have a header. */
  boolean byName() {
    return idColumn.filter(TextFormat::isName).isPresent()
        || labelColumn.filter(TextFormat::isName).isPresent()
        || splitColumn.filter(TextFormat::isName).isPresent()
        || featureColumns.stream().anyMatch(TextFormat::isName);
  }
}
