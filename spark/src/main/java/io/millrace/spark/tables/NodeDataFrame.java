package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * What is known about the nodes: a table with {@code id} and, where they are there, {@code
 * features}, {@code label} and {@code split}. Node {@code v} is its row {@code v}, in the order of
 * the partitions.
 *
 * <p>Immutable; the table is read several times, so it must be the same each time.
 *
 * @param rows the table
 * @param numbers of its rows
 * @param classes names of the classes in their order, if labels are text
 */
@Internal
public record NodeDataFrame(Dataset<Row> rows, RowNumbers numbers, List<String> classes) {
  static final String ID = "id";
  static final String FEATURES = "features";
  static final String LABEL = "label";
  static final String SPLIT = "split";

  /** As in a text table: more names than this are taken for a mistake. */
  private static final int MAX_CLASS_NAMES = 10_000;

  /** Reads what must be known before the table is written: its size, and the names of classes. */
  static NodeDataFrame of(Dataset<Row> table) {
    StructType schema = table.schema();
    TableColumns.requireId(schema, ID);
    RowNumbers numbers = RowNumbers.of(table.javaRDD());
    if (numbers.numRows() > Integer.MAX_VALUE - 1) {
      throw BadInputException.of("too many nodes", "rows", numbers.numRows());
    }
    boolean named =
        TableColumns.has(schema, LABEL) && schema.apply(LABEL).dataType() instanceof StringType;
    return new NodeDataFrame(table, numbers, named ? classNames(table) : List.of());
  }

  private static List<String> classNames(Dataset<Row> table) {
    List<Row> names =
        table
            .select(functions.trim(table.col(LABEL)))
            .distinct()
            .limit(MAX_CLASS_NAMES + 2)
            .collectAsList();
    List<String> sorted = new ArrayList<>();
    names.forEach(
        row -> {
          if (!row.isNullAt(0) && !row.getString(0).isEmpty()) {
            sorted.add(row.getString(0));
          }
        });
    if (sorted.size() > MAX_CLASS_NAMES) {
      throw BadInputException.of("too many class names", "column", LABEL, "max", MAX_CLASS_NAMES);
    }
    sorted.sort(null);
    return sorted;
  }

  int numNodes() {
    return (int) numbers.numRows();
  }

  boolean has(String column) {
    return TableColumns.has(rows.schema(), column);
  }

  boolean hasIntegerIds() {
    return TableColumns.isInteger(rows.schema().apply(ID).dataType());
  }

  /** Values of a node's features, known from the first row; empty without that column. */
  Optional<Integer> featureDim() {
    if (!has(FEATURES)) {
      return Optional.empty();
    }
    return Optional.of(FeatureColumn.dim(rows, FEATURES));
  }

  /**
   * The class of a label.
   *
   * @param id for messages
   */
  public static int label(Object value, List<String> classes, Object id) {
    if (value == null) {
      return NodeLabels.UNLABELLED;
    }
    if (value instanceof String name) {
      return name.isBlank() ? NodeLabels.UNLABELLED : classes.indexOf(name.strip());
    }
    double number = ((Number) value).doubleValue();
    if (Double.isNaN(number) || number == -1) {
      return NodeLabels.UNLABELLED;
    }
    if (number != Math.rint(number) || number < 0 || number >= NodeLabels.MAX_CLASSES) {
      throw BadInputException.of("a label must be the number of a class", "id", id, "label", value);
    }
    return (int) number;
  }

  /**
   * The split of a node, by the words that an import of text takes; none for null and blanks.
   *
   * @param id for messages
   */
  public static Optional<Split> split(String value, Object id) {
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    Optional<Split> split = Split.ofWord(value);
    if (split.isEmpty()) {
      throw BadInputException.of(
          "not a split", "id", id, "value", value, "need", "train, valid or test");
    }
    return split;
  }
}
