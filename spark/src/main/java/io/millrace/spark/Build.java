package io.millrace.spark;

import io.millrace.BadInputException;
import io.millrace.datasets.DatasetDescription;
import io.millrace.spark.tables.TableColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spark-submit --class io.millrace.spark.Build}: tables become a dataset directory. */
@Command(
    name = "Build",
    description =
        "Writes tables that Spark reads as a dataset directory, as millrace import edges.")
public final class Build extends SparkCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "EDGES",
      description = "Tables of edges: csv with a header, or parquet, orc, json.")
  private List<String> edges = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The dataset directory to make, which all executors see.")
  private String out;

  @Option(names = "--nodes", paramLabel = "TABLE", description = "A table of the nodes.")
  private Optional<String> nodes = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Format of the tables (default: by the ending of their names).")
  private Optional<String> format = Optional.empty();

  @Option(
      names = "--src-column",
      defaultValue = "src",
      paramLabel = "NAME",
      description = "Source.")
  private String src;

  @Option(
      names = "--dst-column",
      defaultValue = "dst",
      paramLabel = "NAME",
      description = "Destination.")
  private String dst;

  @Option(names = "--weight-column", paramLabel = "NAME", description = "Weights of the edges.")
  private Optional<String> weight = Optional.empty();

  @Option(names = "--time-column", paramLabel = "NAME", description = "Times of the edges.")
  private Optional<String> time = Optional.empty();

  @Option(
      names = "--edge-feature-columns",
      split = ",",
      paramLabel = "NAME,...",
      description = "Features of the edges: columns of numbers, or one column of arrays.")
  private List<String> edgeFeatures = List.of();

  @Option(
      names = "--id-column",
      defaultValue = "id",
      paramLabel = "NAME",
      description = "Ids of the nodes.")
  private String id;

  @Option(
      names = "--feature-columns",
      split = ",",
      paramLabel = "NAME,...",
      description = "Features: columns of numbers, or one column of arrays.")
  private List<String> features = List.of();

  @Option(names = "--label-column", paramLabel = "NAME", description = "Labels of the nodes.")
  private Optional<String> label = Optional.empty();

  @Option(names = "--split-column", paramLabel = "NAME", description = "train, valid or test.")
  private Optional<String> split = Optional.empty();

  @Option(names = "--undirected", description = "Add reverse edges and drop duplicates.")
  private boolean undirected;

  public static void main(String[] args) {
    SparkCommand.main(new Build(), args);
  }

  @Override
  void run(SparkSession spark, Consumer<String> print) {
    Dataset<Row> edgeTable = edgeTable(read(spark, edges));
    Dataset<Row> nodeTable = nodes.map(it -> nodeTable(read(spark, List.of(it)))).orElse(null);
    DatasetDescription made = GraphTables.write(nodeTable, edgeTable, out, undirected);
    print.accept(
        String.format(
            java.util.Locale.ROOT,
            "%s: %,d nodes, %,d edges",
            out,
            made.numNodes(),
            made.numEdges()));
  }

  private Dataset<Row> read(SparkSession spark, List<String> paths) {
    String kind = format.orElseGet(() -> ending(paths.getFirst()));
    return spark
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .format(kind)
        .load(paths.toArray(String[]::new));
  }

  private static String ending(String path) {
    String name = path.replaceAll("\\.(gz|zst|bz2|snappy)$", "").replaceAll("/+$", "");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> "csv";
      case "orc" -> "orc";
      case "json" -> "json";
      case "parquet" -> "parquet";
      default -> throw BadInputException.of("say the table's --format", "table", path);
    };
  }

  private Dataset<Row> edgeTable(Dataset<Row> table) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(table, src).as("src"));
    columns.add(column(table, dst).as("dst"));
    weight.ifPresent(it -> columns.add(column(table, it).as("weight")));
    time.ifPresent(it -> columns.add(column(table, it).as("time")));
    addFeatures(table, edgeFeatures, columns);
    return table.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> nodeTable(Dataset<Row> table) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(table, id).as("id"));
    addFeatures(table, features, columns);
    label.ifPresent(it -> columns.add(column(table, it).as("label")));
    split.ifPresent(it -> columns.add(column(table, it).as("split")));
    return table.select(columns.toArray(Column[]::new));
  }

  private static void addFeatures(Dataset<Row> table, List<String> names, List<Column> columns) {
    if (names.size() == 1) {
      columns.add(column(table, names.getFirst()).as("features"));
    } else if (!names.isEmpty()) {
      Column[] values =
          names.stream().map(it -> column(table, it).cast("float")).toArray(Column[]::new);
      columns.add(functions.array(values).as("features"));
    }
  }

  private static Column column(Dataset<Row> table, String name) {
    TableColumns.require(table.schema(), name);
    return table.col("`" + name + "`");
  }
}
