package io.millrace.spark;

import io.millrace.datasets.DatasetDescription;
import io.millrace.spark.tables.TableBuild;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes a graph that is given as tables to a dataset directory.
 *
 * <p>Nodes: {@code id} (integer or string) and, where they are there, {@code features} (vector, or
 * array of numbers), {@code label} (class number or name) and {@code split} (train, valid, test).
 * Edges: {@code src}, {@code dst} and, where they are there, {@code weight} (number), {@code time}
 * (integer) and {@code features} (vector, or array of numbers). Null, blank, NaN and -1 mean
 * unlabelled; names of classes are numbered alphabetically.
 *
 * <p>Nodes are numbered in the order of the rows. The arrays have the bytes that {@code millrace
 * import edges} gives for the same rows in the same order. A table is read several times, so its
 * rows and their order must be the same each time: persist or write what is not.
 *
 * <p>Stateless. The next class to read is {@link MillraceClassifier}.
 */
public final class GraphTables {
  private GraphTables() {}

  /**
   * Writes a directed graph.
   *
   * @param nodes may be null: the nodes are those of the edges, numbered in order of first
   *     appearance unless they are numbers of nodes already
   * @param dir the dataset directory to make, which driver and executors all see; must not exist
   * @throws io.millrace.BadInputException if {@code dir} exists, a column is missing or of another
   *     type, an id is null, twice or unknown; nothing is left at {@code dir}
   */
  public static DatasetDescription write(Dataset<Row> nodes, Dataset<Row> edges, String dir) {
    return write(nodes, edges, dir, false);
  }

  /**
   * As {@link #write(Dataset, Dataset, String)}.
   *
   * @param undirected adds reverse edges and, for edges without times, drops duplicates
   */
  public static DatasetDescription write(
      Dataset<Row> nodes, Dataset<Row> edges, String dir, boolean undirected) {
    Objects.requireNonNull(edges, "edges");
    return TableBuild.write(Optional.ofNullable(nodes), edges, Path.of(dir), undirected);
  }
}
