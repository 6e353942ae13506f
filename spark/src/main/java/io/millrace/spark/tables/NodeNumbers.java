package io.millrace.spark.tables;

import static org.apache.spark.sql.functions.col;

import io.millrace.BadInputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Which node an id of the edges means.
 *
 * <p>Integers that are the numbers of the nodes need nothing. Others are looked up in a table of
 * (id, node), which costs a join for each end of the edges.
 *
 * @param numNodes number of nodes
 * @param table of the ids and their nodes; empty if an id is the node
 */
record NodeNumbers(int numNodes, Optional<Dataset<Row>> table) {
  static final String ID = "id";
  static final String NODE = "node";

  /** As an import guesses: integers with hardly an edge for each are no numbers of nodes. */
  private static final int MIN_SPARSE = 1 << 16;

  private static final int NODES_PER_EDGE = 8;

  /** The ids of a node table. */
  static NodeNumbers of(NodeDataFrame nodes, boolean dense) {
    if (dense) {
      return new NodeNumbers(nodes.numNodes(), Optional.empty());
    }
    Dataset<Row> ids = numbered(nodes.rows().select(col(NodeDataFrame.ID).as(ID)), nodes.numbers());
    Row repeated =
        ids.groupBy(ID).count().where("count > 1").limit(1).collectAsList().stream()
            .findAny()
            .orElse(null);
    if (repeated != null) {
      throw BadInputException.of("duplicate id", "id", repeated.get(0));
    }
    return new NodeNumbers(nodes.numNodes(), Optional.of(ids));
  }

  /**
   * The ids of edges without a node table: they are the nodes, or are numbered in order of first
   * appearance, the source of an edge before its destination.
   */
  static NodeNumbers of(Dataset<Row> edges) {
    DataType type = edges.schema().apply(EdgeDataFrame.SRC).dataType();
    if (TableColumns.isInteger(type)) {
      Row range =
          edges
              .agg(
                  functions.min(functions.least(col(EdgeDataFrame.SRC), col(EdgeDataFrame.DST))),
                  functions.max(functions.greatest(col(EdgeDataFrame.SRC), col(EdgeDataFrame.DST))),
                  functions.count(functions.lit(1)))
              .first();
      if (range.isNullAt(0)) {
        throw BadInputException.of("there are no edges", "columns", "src,dst");
      }
      long first = ((Number) range.get(0)).longValue();
      long last = ((Number) range.get(1)).longValue();
      boolean sparse = last + 1 > MIN_SPARSE && (last + 1) / NODES_PER_EDGE > range.getLong(2);
      if (first >= 0 && last < Integer.MAX_VALUE - 1 && !sparse) {
        return new NodeNumbers((int) last + 1, Optional.empty());
      }
    }
    Dataset<Row> seen =
        edges
            .select(
                functions.posexplode(
                    functions.array(col(EdgeDataFrame.SRC), col(EdgeDataFrame.DST))),
                col(EdgeDataFrame.POSITION))
            .groupBy(col("col").as(ID))
            .agg(
                functions
                    .min(functions.struct(col(EdgeDataFrame.POSITION), col("pos")))
                    .as("first"))
            .orderBy("first")
            .select(ID)
            .persist();
    RowNumbers numbers = RowNumbers.of(seen.javaRDD());
    if (numbers.numRows() > Integer.MAX_VALUE - 1) {
      throw BadInputException.of("too many nodes", "ids", numbers.numRows());
    }
    return new NodeNumbers((int) numbers.numRows(), Optional.of(numbered(seen, numbers)));
  }

  private static Dataset<Row> numbered(Dataset<Row> ids, RowNumbers numbers) {
    DataType type = ids.schema().apply(ID).dataType();
    boolean integer = TableColumns.isInteger(type);
    JavaRDD<Row> rows =
        ids.javaRDD()
            .mapPartitionsWithIndex(
                (partition, in) -> {
                  long[] next = {numbers.first()[partition]};
                  Iterable<Row> all = () -> in;
                  return java.util.stream.StreamSupport.stream(all.spliterator(), false)
                      .map(row -> RowFactory.create(key(row.get(0), integer), (int) next[0]++))
                      .iterator();
                },
                true);
    StructType schema =
        DataTypes.createStructType(
            List.of(
                DataTypes.createStructField(
                    ID, integer ? DataTypes.LongType : DataTypes.StringType, false),
                DataTypes.createStructField(NODE, DataTypes.IntegerType, false)));
    return ids.sparkSession().createDataFrame(rows, schema);
  }

  /** A node table has been read before, so only an edge can lack an id here. */
  private static Object key(Object id, boolean integer) {
    if (id == null) {
      throw BadInputException.of("an edge has no id", "columns", "src,dst");
    }
    return integer ? (Object) ((Number) id).longValue() : id;
  }
}
