package io.millrace.spark.tables;

import static org.apache.spark.sql.functions.col;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The edges: a table with {@code src}, {@code dst} and, where they are there, {@code weight},
 * {@code time} and {@code features}. Their order is that of the rows, partition by partition.
 *
 * <p>Spark sorts them, by ranges of the destination and source, in its binary rows: so a node with
 * nearly all edges is cut like any other. The place of an edge in the input is part of the key, so
 * the result does not depend on how Spark deals them out.
 */
@Internal
public final class EdgeDataFrame {
  static final String SRC = "src";
  static final String DST = "dst";
  static final String WEIGHT = "weight";
  static final String TIME = "time";
  static final String FEATURES = "features";
  static final String POSITION = "millrace_position";
  static final String PROBLEM = "millrace_problem";

  private final Dataset<Row> rows;
  private final EdgeColumns columns;

  private EdgeDataFrame(Dataset<Row> rows, EdgeColumns columns) {
    this.rows = rows;
    this.columns = columns;
  }

  static EdgeDataFrame of(Dataset<Row> table) {
    StructType schema = table.schema();
    for (String end : new String[] {SRC, DST}) {
      TableColumns.requireId(schema, end);
    }
    boolean text = schema.apply(SRC).dataType() instanceof StringType;
    if (text != schema.apply(DST).dataType() instanceof StringType) {
      throw BadInputException.of(
          "src and dst must be of one kind",
          "src",
          schema.apply(SRC).dataType().simpleString(),
          "dst",
          schema.apply(DST).dataType().simpleString());
    }
    for (String number : new String[] {WEIGHT, TIME}) {
      if (TableColumns.has(schema, number)
          && !(schema.apply(number).dataType() instanceof NumericType)) {
        throw BadInputException.of(
            "column must be a number",
            "column",
            number,
            "type",
            schema.apply(number).dataType().simpleString());
      }
    }
    if (TableColumns.has(schema, TIME) && !TableColumns.isInteger(schema.apply(TIME).dataType())) {
      throw BadInputException.of(
          "times must be integers", "type", schema.apply(TIME).dataType().simpleString());
    }
    boolean timed = TableColumns.has(schema, TIME);
    int featureDim = TableColumns.has(schema, FEATURES) ? FeatureColumn.dim(table, FEATURES) : 0;
    Dataset<Row> rows =
        featureDim > 0 ? table.withColumn(FEATURES, FeatureColumn.floats(table, FEATURES)) : table;
    return new EdgeDataFrame(
        rows.withColumn(POSITION, functions.monotonically_increasing_id()),
        new EdgeColumns(timed, TableColumns.has(schema, WEIGHT), timed, featureDim));
  }

  Dataset<Row> rows() {
    return rows;
  }

  EdgeColumns columns() {
    return columns;
  }

  /** An edge whose ids are of the node table's kind. */
  void requireKind(NodeDataFrame nodes) {
    boolean integers = TableColumns.isInteger(rows.schema().apply(SRC).dataType());
    if (integers != nodes.hasIntegerIds()) {
      throw BadInputException.of(
          "ids of edges and of nodes must be of one kind",
          "src",
          rows.schema().apply(SRC).dataType().simpleString(),
          "id",
          nodes.rows().schema().apply(NodeDataFrame.ID).dataType().simpleString());
    }
  }

  /**
   * The edges of the graph's rows, in their order: destination and source as nodes, position,
   * problem, and the attributes.
   *
   * @param undirected each edge also in the other direction
   */
  Dataset<Row> sorted(NodeNumbers ids, boolean undirected, int numPartitions) {
    Dataset<Row> edges = undirected ? bothWays(resolved(ids)) : resolved(ids);
    Column[] order =
        columns.times()
            ? new Column[] {col(DST), col(TIME), col(POSITION)}
            : new Column[] {col(DST), col(SRC), col(POSITION)};
    return edges.repartitionByRange(numPartitions, order[0], order[1]).sortWithinPartitions(order);
  }

  private Dataset<Row> resolved(NodeNumbers ids) {
    Dataset<Row> edges = rows;
    Column problem = functions.lit(null).cast("string");
    for (String end : new String[] {SRC, DST}) {
      String id = end + "_id";
      edges = edges.withColumnRenamed(end, id);
      if (ids.table().isPresent()) {
        Dataset<Row> table =
            ids.table()
                .get()
                .withColumnRenamed(NodeNumbers.ID, end + "_key")
                .withColumnRenamed(NodeNumbers.NODE, end);
        edges = edges.join(table, edges.col(id).equalTo(table.col(end + "_key")), "left_outer");
      } else {
        Column asLong = col(id).cast("long");
        edges =
            edges.withColumn(
                end, functions.when(asLong.between(0, ids.numNodes() - 1), asLong.cast("int")));
      }
      problem =
          functions.coalesce(
              problem,
              functions.when(
                  col(end).isNull(),
                  functions.concat(
                      functions.lit(end + "="),
                      functions.coalesce(col(id).cast("string"), functions.lit("null")))));
    }
    Column[] selected = {
      col(DST),
      col(SRC),
      col(POSITION),
      problem.as(PROBLEM),
      attribute(WEIGHT, columns.weights(), "float"),
      attribute(TIME, columns.times(), "long"),
      attribute(FEATURES, columns.featureDim() > 0, "array<float>")
    };
    return edges.select(selected);
  }

  /** Null where the table lacks the column. */
  private static Column attribute(String name, boolean there, String type) {
    return (there ? col(name) : functions.lit(null)).cast(type).as(name);
  }

  /** A self-loop is its own reverse. */
  private static Dataset<Row> bothWays(Dataset<Row> edges) {
    Column forward = functions.struct(col(DST).as("d"), col(SRC).as("s"));
    Column reverse = functions.struct(col(SRC).as("d"), col(DST).as("s"));
    Column both =
        functions
            .when(col(SRC).equalTo(col(DST)), functions.array(forward))
            .otherwise(functions.array(forward, reverse));
    return edges
        .select(
            functions.explode(both).as("e"),
            col(POSITION),
            col(PROBLEM),
            col(WEIGHT),
            col(TIME),
            col(FEATURES))
        .select(
            col("e.d").as(DST),
            col("e.s").as(SRC),
            col(POSITION),
            col(PROBLEM),
            col(WEIGHT),
            col(TIME),
            col(FEATURES));
  }
}
