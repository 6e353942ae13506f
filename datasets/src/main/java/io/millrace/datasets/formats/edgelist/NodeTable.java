package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.text.ColumnNames;
import io.millrace.datasets.text.LayoutFindings;
import io.millrace.datasets.text.TextFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A text table with one line per node. The small columns (ids, labels, splits) are read in one pass
 * and kept in memory. {@link TableRows} reads the features in a second pass.
 */
final class NodeTable {
  private static final int MAX_SHOWN_COLUMNS = 8;

  private final TextFormat format;
  private final Map<String, String> uses = new LinkedHashMap<>();
  private final Optional<TableLabels> labels;
  private final Optional<TableTargets> targets;
  private final Optional<TableSplits> splits;
  private final int[] featureColumns;

  /** Values in a field of each feature column; 0 until the first that is not missing. */
  private final int[] widths;

  private int numNodes;
  private long blankLines;

  private NodeTable(TextFormat format, NodeTableOptions options) {
    this.format = format;
    ColumnNames names = format.columns(options.asked());
    ColumnRoles roles = new ColumnRoles(format, names);
    options.idColumn().ifPresent(column -> roles.add("id", column));
    labels =
        options
            .labelColumn()
            .map(column -> new TableLabels(roles.add("label", column), options.labels()));
    int[] targetColumns =
        names.indexes(options.targetColumns()).stream()
            .mapToInt(column -> roles.add("target", column))
            .toArray();
    targets =
        targetColumns.length == 0
            ? Optional.empty()
            : Optional.of(new TableTargets(format, targetColumns));
    List<Integer> splitColumns =
        options.splitColumns().stream().map(column -> roles.add("split", column)).toList();
    splits =
        splitColumns.isEmpty()
            ? Optional.empty()
            : Optional.of(new TableSplits(format, splitColumns));
    featureColumns =
        names.indexes(options.featureColumns()).stream()
            .mapToInt(column -> roles.add("feature", column))
            .toArray();
    widths = new int[featureColumns.length];
    options.idColumn().map(names::index).ifPresent(column -> uses("id", List.of(column)));
    uses("features", Arrays.stream(featureColumns).boxed().toList());
    options.labelColumn().map(names::index).ifPresent(column -> uses("label", List.of(column)));
    uses("targets", Arrays.stream(targetColumns).boxed().toList());
    uses("split", splitColumns);
  }

  private void uses(String role, List<Integer> columns) {
    List<String> names = columns.stream().limit(MAX_SHOWN_COLUMNS).map(format::columnName).toList();
    if (!names.isEmpty()) {
      String rest = columns.size() > names.size() ? ", ... (" + columns.size() + " columns)" : "";
      uses.put(role, String.join(", ", names) + rest);
    }
  }

  /**
   * @param ids receives the id of each node, in order
   */
  static NodeTable read(TextFormat format, NodeTableOptions options, TableIds ids) {
    NodeTable table = new NodeTable(format, options);
    try (TableReader rows = TableReader.open(format)) {
      while (rows.next()) {
        ids.add(rows, table.numNodes);
        table.add(rows);
      }
      table.blankLines = rows.blankLines();
    }
    if (table.numNodes == 0) {
      throw BadInputException.of("file has no lines of data", "file", format.file());
    }
    table.splits.ifPresent(TableSplits::end);
    return table;
  }

  private void add(TableReader rows) {
    if (numNodes == DenseIds.MAX_NODES) {
      throw rows.error("too many nodes", "max", DenseIds.MAX_NODES);
    }
    labels.ifPresent(all -> all.add(rows));
    targets.ifPresent(all -> all.add(rows));
    splits.ifPresent(all -> all.add(rows, numNodes));
    for (int i = 0; i < widths.length; i++) {
      if (widths[i] == 0) {
        widths[i] = FeatureColumn.count(rows, featureColumns[i]);
      }
    }
    numNodes++;
  }

  /** What a reader should know about the fields. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    labels.flatMap(TableLabels::unlabelledWords).ifPresent(notes::add);
    for (int i = 0; i < widths.length; i++) {
      if (widths[i] > 1) {
        String name = format.columnName(featureColumns[i]);
        notes.add("each field of column " + name + " has " + widths[i] + " features");
      }
    }
    return notes;
  }

  ImportFindings.Table findings() {
    LayoutFindings layout = format.findings();
    return new ImportFindings.Table(
        DatasetImport.nameOf(format.file()),
        layout.delimiter(),
        layout.header(),
        uses,
        layout.commentLines(),
        layout.blankLines() + blankLines);
  }

  Path file() {
    return format.file();
  }

  int numNodes() {
    return numNodes;
  }

  Optional<NodeLabels> labels() {
    return labels.map(TableLabels::labels);
  }

  Optional<NodeLabels> targets() {
    return targets.map(TableTargets::targets);
  }

  /** All three splits, if the table has splits. */
  Map<Split, int[]> splits() {
    return splits.map(TableSplits::nodes).orElse(Map.of());
  }

  Optional<FeatureSource> features() {
    List<FeatureColumn> columns =
        IntStream.range(0, widths.length)
            .mapToObj(i -> new FeatureColumn(featureColumns[i], Math.max(1, widths[i])))
            .toList();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(new TableRows(TableReader.open(format), columns));
  }
}
