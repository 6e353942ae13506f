package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes two tables as a dataset directory: Spark sorts the edges in one shuffle, its tasks write
 * pieces of the arrays next to each other, and the driver joins them. The next class to read is
 * {@link EdgeDataFrame}.
 */
@Internal
public final class TableBuild {
  private TableBuild() {}

  /**
   * @param nodes the table of the nodes, if there is one
   * @param out a directory that driver and executors all see; must not exist
   * @param undirected adds reverse edges and, for edges without times, drops duplicates
   */
  public static DatasetDescription write(
      Optional<Dataset<Row>> nodes, Dataset<Row> edges, Path out, boolean undirected) {
    EdgeDataFrame table = EdgeDataFrame.of(edges);
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      Pieces pieces = Pieces.nextTo(out);
      try {
        return new Build(nodes.map(NodeDataFrame::of), table, pieces, writer).run(out, undirected);
      } catch (Exception e) { // Spark throws checked ones without saying so
        throw SparkFailures.cause(e);
      } finally {
        pieces.delete();
      }
    }
  }

  private record Build(
      Optional<NodeDataFrame> nodes, EdgeDataFrame edges, Pieces pieces, DatasetWriter writer) {
    DatasetDescription run(Path out, boolean undirected) {
      nodes.ifPresent(edges::requireKind);
      NodePieces.Found found =
          nodes
              .map(it -> NodePieces.write(it, pieces))
              .orElseGet(() -> new NodePieces.Found(false, -1));
      NodeNumbers ids =
          nodes
              .map(it -> NodeNumbers.of(it, found.dense()))
              .orElseGet(() -> NodeNumbers.of(edges.rows()));
      int nodeParts =
          nodes.map(it -> it.numbers().first().length - 1).orElseGet(() -> namesOf(ids));
      SparkSession spark = edges.rows().sparkSession();
      int edgeParts = partitions(spark);
      RowNumbers numbers =
          edges.columns().ids()
              ? RowNumbers.of(edges.rows().javaRDD())
              : new RowNumbers(new long[1]);
      boolean dedupe = undirected && !edges.columns().times();
      long numEdges =
          new EdgePieces(pieces, numbers, edges.columns(), dedupe)
              .write(edges.sorted(ids, undirected, edgeParts));
      JoinedPieces.Shape shape =
          new JoinedPieces.Shape(
              ids.numNodes(), numEdges, edges.columns(), undirected, ids.table().isPresent());
      return new JoinedPieces(pieces, writer, nodeParts, edgeParts)
          .join(out.getFileName().toString(), shape, nodes, found);
    }

    /** The names of nodes that have no table: those of the edges, in their order. */
    private int namesOf(NodeNumbers ids) {
      if (ids.table().isEmpty()) {
        return 0;
      }
      NodeDataFrame seen =
          NodeDataFrame.of(ids.table().get().orderBy(NodeNumbers.NODE).select(NodeNumbers.ID));
      NodePieces.write(seen, pieces);
      return seen.numbers().first().length - 1;
    }
  }

  private static int partitions(SparkSession spark) {
    String given = spark.conf().get("spark.sql.shuffle.partitions");
    try {
      return Math.max(1, Integer.parseInt(given));
    } catch (NumberFormatException e) {
      throw new BadInputException("not a number: spark.sql.shuffle.partitions=" + given, e);
    }
  }
}
