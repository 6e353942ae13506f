package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.text.LayoutFindings;
import io.millrace.datasets.text.TextFormat;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A text table with one line per node. The small columns (ids, labels, splits) are read in one pass
 * and kept in memory. {@link TableRows} reads the features in a second pass.
 */
final class NodeTable {
  private static final int MAX_SHOWN_COLUMNS = 8;

  private final TextFormat format;
  private final Map<String, String> uses = new LinkedHashMap<>();
  private final List<Integer> featureColumns;
  private final Optional<TableLabels> labels;
  private final Optional<Integer> splitColumn;
  private final Map<Split, IntArrayList> splits = new EnumMap<>(Split.class);
  private int numNodes;
  private long blankLines;

  private NodeTable(TextFormat format, NodeTableOptions options) {
    this.format = format;
    featureColumns = format.indexes(options.featureColumns());
    labels = options.labelColumn().map(column -> new TableLabels(format.index(column)));
    splitColumn = options.splitColumn().map(format::index);
    options.idColumn().map(format::index).ifPresent(column -> uses("id", List.of(column)));
    uses("features", featureColumns);
    options.labelColumn().map(format::index).ifPresent(column -> uses("label", List.of(column)));
    splitColumn.ifPresent(column -> uses("split", List.of(column)));
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
    return table;
  }

  private void add(TableReader rows) {
    if (numNodes == DenseIds.MAX_NODES) {
      throw rows.error("too many nodes", "max", DenseIds.MAX_NODES);
    }
    labels.ifPresent(all -> all.add(rows));
    splitColumn
        .flatMap(column -> split(rows, column))
        .ifPresent(split -> splits.computeIfAbsent(split, _ -> new IntArrayList()).add(numNodes));
    numNodes++;
  }

  private static Optional<Split> split(TableReader rows, int column) {
    String text = rows.text(column);
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "" -> Optional.empty();
      case "train" -> Optional.of(Split.TRAIN);
      case "valid", "val", "validation" -> Optional.of(Split.VALID);
      case "test" -> Optional.of(Split.TEST);
      default ->
          throw rows.errorAt(column, "not a split", "value", text, "need", "train, valid or test");
    };
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

  /** All three splits, if there is a split column. */
  Map<Split, int[]> splits() {
    Map<Split, int[]> nodes = new EnumMap<>(Split.class);
    if (splitColumn.isPresent()) {
      for (Split split : Split.values()) {
        nodes.put(split, splits.getOrDefault(split, new IntArrayList()).toIntArray());
      }
    }
    return nodes;
  }

  Optional<FeatureSource> features() {
    return featureColumns.isEmpty()
        ? Optional.empty()
        : Optional.of(new TableRows(TableReader.open(format), featureColumns));
  }
}
