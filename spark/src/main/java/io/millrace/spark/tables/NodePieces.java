package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Writes the columns of a node table as pieces, a partition a task: names, features, labels and the
 * nodes of each split.
 *
 * @param featureDim values per row; 0 = without features
 * @param classes names of the classes, if labels are text
 */
record NodePieces(
    Pieces pieces,
    RowNumbers numbers,
    int featureDim,
    boolean labels,
    boolean splits,
    List<String> classes)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  static final String NAME_LENGTHS = "name-lengths";
  static final String NAME_BYTES = "name-bytes";
  static final String FEATURES = "features";
  static final String LABELS = "labels";

  /**
   * What a partition has found out.
   *
   * @param dense whether its ids are the numbers of its rows
   * @param maxLabel the highest class, or -1
   */
  record Found(boolean dense, int maxLabel) implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    Found and(Found other) {
      return new Found(dense && other.dense, Math.max(maxLabel, other.maxLabel));
    }
  }

  static Found write(NodeDataFrame table, Pieces pieces) {
    NodePieces writer =
        new NodePieces(
            pieces,
            table.numbers(),
            table.featureDim().orElse(0),
            table.has(NodeDataFrame.LABEL),
            table.has(NodeDataFrame.SPLIT),
            table.classes());
    JavaRDD<Row> rows = table.rows().javaRDD();
    return rows.mapPartitionsWithIndex(writer::writePartition, false).collect().stream()
        .reduce(new Found(true, -1), Found::and);
  }

  private Iterator<Found> writePartition(int partition, Iterator<Row> rows) throws IOException {
    Map<Split, Pieces.Writer> nodes = new EnumMap<>(Split.class);
    try (Pieces.Writer lengths = pieces.write(NAME_LENGTHS, partition);
        Pieces.Writer names = pieces.write(NAME_BYTES, partition);
        Pieces.Writer features = pieces.write(FEATURES, partition);
        Pieces.Writer classOf = pieces.write(LABELS, partition);
        Pieces.Writer train = pieces.write(Split.TRAIN.fileName(), partition);
        Pieces.Writer valid = pieces.write(Split.VALID.fileName(), partition);
        Pieces.Writer test = pieces.write(Split.TEST.fileName(), partition)) {
      nodes.put(Split.TRAIN, train);
      nodes.put(Split.VALID, valid);
      nodes.put(Split.TEST, test);
      long node = numbers.first()[partition];
      boolean dense = true;
      int maxLabel = -1;
      for (; rows.hasNext(); node++) {
        Row row = rows.next();
        Object id = row.getAs(NodeDataFrame.ID);
        if (id == null) {
          throw BadInputException.of("a node has no id", "row", node);
        }
        dense &= id instanceof Number number && number.longValue() == node;
        byte[] name = id.toString().getBytes(StandardCharsets.UTF_8);
        lengths.putInt(name.length);
        names.putBytes(name);
        if (featureDim > 0) {
          writeFeatures(row, id, features);
        }
        if (labels) {
          int label = NodeDataFrame.label(row.getAs(NodeDataFrame.LABEL), classes, id);
          maxLabel = Math.max(maxLabel, label);
          classOf.putInt(label);
        }
        if (splits) {
          Optional<Split> split = NodeDataFrame.split(splitOf(row), id);
          if (split.isPresent()) {
            nodes.get(split.get()).putInt((int) node);
          }
        }
      }
      for (Pieces.Writer part : List.of(lengths, names, features, classOf, train, valid, test)) {
        part.commit();
      }
      return List.of(new Found(dense, Math.max(maxLabel, NodeLabels.UNLABELLED))).iterator();
    }
  }

  private static String splitOf(Row row) {
    Object split = row.getAs(NodeDataFrame.SPLIT);
    return split == null ? null : split.toString();
  }

  private void writeFeatures(Row row, Object id, Pieces.Writer out) throws IOException {
    float[] values = FeatureColumn.values(row, row.fieldIndex(NodeDataFrame.FEATURES), id);
    if (values.length != featureDim) {
      throw BadInputException.of(
          "all nodes need equally many features",
          "id",
          id,
          "features",
          values.length,
          "first row",
          featureDim);
    }
    for (float value : values) {
      out.putFloat(value);
    }
  }
}
