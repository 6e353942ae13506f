package io.millrace.datasets.formats.edgelist;

import io.millrace.BadInputException;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.text.TextFormat;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A text table with one line per node. The small columns (ids, labels, splits) are read in one pass
 * and kept in memory. {@link TableRows} reads the features in a second pass.
 */
final class NodeTable {
  private final TextFormat format;
  private final List<Integer> featureColumns;
  private final Optional<TableLabels> labels;
  private final Optional<Integer> splitColumn;
  private final Map<Split, IntArrayList> splits = new EnumMap<>(Split.class);
  private int numNodes;

  private NodeTable(TextFormat format, NodeTableOptions options) {
    this.format = format;
    featureColumns = format.indexes(options.featureColumns());
    labels = options.labelColumn().map(column -> new TableLabels(format.index(column)));
    splitColumn = options.splitColumn().map(format::index);
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
