package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text table with one line per node: row 0 is node 0. Immutable. A column is given by its name or
 * by its number, from 1, and has one role.
 *
 * @param file the table, plain or packed
 * @param idColumn the id by which edges refer to the node; empty = the number of the row, from 0
 * @param featureColumns columns, ranges of numbers ({@code 3-130}) and prefixes of names ({@code
 *     f*}), in the order of the features; empty = no features. A field holds a number, a word such
 *     as True, or several of them, as many in each row
 * @param labelColumn the class as a whole number or as text, see {@code TableLabels}
 * @param splitColumns one column: train, valid (or val, validation, va, dev) or test (or tr, te; or
 *     0, 1 and 2), empty = in no split; or three columns of booleans: the masks of train, valid and
 *     test; or none
 * @param labels how labels are read
 * @param targetColumns numbers to predict, in the order of the targets; a field that is missing is
 *     not known
 * @param separator what stands between columns; empty = as for the edges, or detected
 * @param header whether the first line names the columns; empty = as for the edges
 */
public record NodeTableOptions(
    Path file,
    Optional<String> idColumn,
    List<String> featureColumns,
    Optional<String> labelColumn,
    List<String> splitColumns,
    LabelOptions labels,
    List<String> targetColumns,
    Optional<Delimiter> separator,
    Optional<HeaderMode> header) {

  /** Copies the lists. */
  public NodeTableOptions {
    featureColumns = List.copyOf(featureColumns);
    splitColumns = List.copyOf(splitColumns);
    targetColumns = List.copyOf(targetColumns);
  }

  /**
   * With at most one split column, labels as by {@link LabelOptions#DEFAULTS}, and the layout of
   * the edges or a detected one.
   */
  public NodeTableOptions(
      Path file,
      Optional<String> idColumn,
      List<String> featureColumns,
      Optional<String> labelColumn,
      Optional<String> splitColumn) {
    this(
        file,
        idColumn,
        featureColumns,
        labelColumn,
        splitColumn.stream().toList(),
        LabelOptions.DEFAULTS,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** Without targets. */
  public NodeTableOptions(
      Path file,
      Optional<String> idColumn,
      List<String> featureColumns,
      Optional<String> labelColumn,
      List<String> splitColumns,
      LabelOptions labels,
      Optional<Delimiter> separator,
      Optional<HeaderMode> header) {
    this(
        file,
        idColumn,
        featureColumns,
        labelColumn,
        splitColumns,
        labels,
        List.of(),
        separator,
        header);
  }

  /** The layout of the table: where it is not given that of the edges, or a detected one. */
  TextFormat format(EdgeListOptions edges) {
    return TextFormat.detect(
        file, separator.or(edges::separator), header.orElse(edges.header()), asked());
  }

  /** The columns that are given. */
  List<String> asked() {
    return Stream.of(
            featureColumns,
            idColumn.stream().toList(),
            labelColumn.stream().toList(),
            targetColumns,
            splitColumns)
        .flatMap(List::stream)
        .toList();
  }
}
