package io.millrace.spark;

import static io.millrace.spark.LocalSpark.row;
import static io.millrace.spark.LocalSpark.schema;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the files that Spark's tasks write to those of an import of the same rows. */
@Tag("exhaustive")
class GraphTablesTest {
  private static final int NUM_NODES = 200;
  private static final int NUM_EDGES = 3000;
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void edgesOfDenseIds() throws IOException {
    assertSameAsImport(edges(v -> (long) v, false), null, false);
  }

  @Test
  void undirectedEdgesOnce() throws IOException {
    assertSameAsImport(edges(v -> (long) v, false), null, true);
  }

  @Test
  void edgesWithTimesAndWeights() throws IOException {
    assertSameAsImport(edges(v -> (long) v, true), null, false);
    assertSameAsImport(edges(v -> (long) v, true), null, true);
  }

  @Test
  void featuresOfEdgesStayWithTheirEdges() throws IOException {
    Dataset<Row> edges =
        spark.createDataFrame(
            edges(v -> (long) v, true),
            schema("src long", "dst long", "weight float", "time long"));
    Column[] both = {edges.col("weight"), edges.col("time").cast("float")};
    for (boolean undirected : new boolean[] {false, true}) {
      requireFeaturesAreWeightAndTime(
          edges.withColumn("features", functions.array(both)), undirected);
      requireFeaturesAreWeightAndTime(
          edges.withColumn(
              "features", org.apache.spark.ml.functions.array_to_vector(functions.array(both))),
          undirected);
    }
    Dataset<Row> weighted = edges.drop("time"); // where duplicates are dropped, the first is kept
    requireFeaturesAreWeightAndTime(
        weighted.withColumn("features", functions.array(edges.col("weight"))), true);
  }

  private void requireFeaturesAreWeightAndTime(Dataset<Row> edges, boolean undirected)
      throws IOException {
    Path plain = Files.createTempDirectory(folder, "plain").resolve("graph");
    Path described = plain.resolveSibling("described");
    GraphTables.write(null, edges.drop("features"), plain.toString(), undirected);
    GraphTables.write(null, edges, described.toString(), undirected);
    for (Path file : files(plain)) {
      assertArrayEquals(
          Files.readAllBytes(plain.resolve(file)),
          Files.readAllBytes(described.resolve(file)),
          file.toString());
    }
    try (GraphDataset data = GraphDataset.open(described)) {
      EdgeAttributes attributes = data.edges();
      boolean timed = attributes.columns().times();
      assertEquals(timed ? 2 : 1, attributes.columns().featureDim());
      for (long edge = 0; edge < data.graph().numEdges(); edge++) {
        assertEquals(attributes.weight(edge), attributes.feature(edge, 0));
        if (timed) {
          assertEquals((float) attributes.time(edge), attributes.feature(edge, 1));
        }
      }
    }
  }

  @Test
  void textIdsInOrderOfFirstAppearance() throws IOException {
    assertSameAsImport(edges(v -> "n" + v * 7 % 1000, false), null, true);
  }

  @Test
  void largeIntegersInOrderOfFirstAppearance() throws IOException {
    assertSameAsImport(edges(v -> v * 10_000_000_019L, false), null, false);
  }

  @Test
  void textIdsOfANodeTable() throws IOException {
    List<Row> nodes = nodes(v -> "n" + v * 7 % 1000);
    assertSameAsImport(edges(v -> "n" + v * 7 % 1000, true), nodes, true);
  }

  @Test
  void denseIdsOfANodeTable() throws IOException {
    assertSameAsImport(edges(v -> (long) v, false), nodes(v -> (long) v), false);
  }

  @Test
  void allEdgesToOneNode() throws IOException {
    for (Name name : new Name[] {v -> (long) v, v -> "n" + v}) {
      Random random = new Random(3);
      List<Row> edges = new ArrayList<>();
      for (int i = 0; i < NUM_EDGES; i++) {
        edges.add(row(name.of(random.nextInt(NUM_NODES)), name.of(5)));
      }
      assertSameAsImport(edges, null, true);
      assertSameAsImport(edges, null, false);
    }
  }

  @Test
  void refusesWhatIsNoGraphInOneLine() {
    Dataset<Row> edges =
        spark.createDataFrame(List.of(row(0L, 9L), row(1L, 0L)), schema("src long", "dst long"));
    Dataset<Row> nodes =
        spark.createDataFrame(
            List.of(row(0L, 1.0), row(1L, 0.0)), schema("id long", "label double"));
    String unknown = message(nodes, edges, "a");
    assertTrue(unknown.startsWith("an edge names no node of the node table: edge=dst=9"), unknown);
    String column = message(nodes, edges.withColumnRenamed("src", "from"), "b");
    assertEquals("table has no such column: column=src, columns=from,dst", column);
    String label = message(nodes.withColumn("label", nodes.col("label").plus(.5)), edges, "c");
    assertTrue(label.startsWith("a label must be the number of a class: id="), label);
    Dataset<Row> pair =
        spark.createDataFrame(List.of(row(0L, 1L), row(1L, 0L)), schema("src long", "dst long"));
    Column one = functions.array(pair.col("src"));
    Column two = functions.array(pair.col("src"), pair.col("dst"));
    Column differ = functions.when(pair.col("src").equalTo(0), one).otherwise(two);
    String uneven = message(null, pair.withColumn("features", differ), "e");
    assertTrue(uneven.startsWith("all edges need equally many features: src node="), uneven);
    String words = message(null, edges.withColumn("features", functions.lit("x")), "f");
    assertEquals("features must be a vector or an array of numbers: type=string", words);
    assertRefusesNulls(pair);
    Dataset<Row> twice = nodes.union(nodes);
    String repeated = message(twice, edges, "d");
    assertTrue(repeated.startsWith("duplicate id: id="), repeated);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefusesNulls(Dataset<Row> pair) {
    Column gap = functions.when(functions.col("src").equalTo(0), functions.col("dst"));
    assertEquals(
        "an edge names no node of the node table: edge=src=null",
        message(null, pair.withColumn("src", gap), "null-number"));
    Dataset<Row> text = pair.withColumn("dst", pair.col("dst").cast("string"));
    assertEquals(
        "an edge has no id: columns=src,dst",
        message(null, text.withColumn("src", gap.cast("string")), "null-text"));
    String weight = message(null, pair.withColumn("weight", gap), "null-weight");
    assertTrue(weight.startsWith("an edge has no finite weight: src node="), weight);
    Dataset<Row> nodes = pair.select(gap.as("id"));
    assertEquals("a node has no id: row=1", message(nodes, pair, "null-node"));
  }

  private String message(Dataset<Row> nodes, Dataset<Row> edges, String name) {
    return assertThrows(
            BadInputException.class,
            () -> GraphTables.write(nodes, edges, folder.resolve(name).toString()))
        .getMessage();
  }

  private interface Name {
    Object of(int node);
  }

  private static List<Row> edges(Name name, boolean attributes) {
    Random random = new Random(1);
    List<Row> edges = new ArrayList<>();
    for (int i = 0; i < NUM_EDGES; i++) {
      Object src = name.of(random.nextInt(NUM_NODES));
      Object dst = name.of((int) (NUM_NODES * Math.pow(random.nextDouble(), 3)));
      edges.add(
          attributes
              ? row(src, dst, random.nextInt(8) / 4f, (long) random.nextInt(50))
              : row(src, dst));
    }
    edges.add(attributes ? row(name.of(3), name.of(3), 1f, 1L) : row(name.of(3), name.of(3)));
    return edges;
  }

  private static List<Row> nodes(Name name) {
    Random random = new Random(2);
    List<Row> nodes = new ArrayList<>();
    String[] splits = {"train", "valid", "test", null};
    for (int v = 0; v < NUM_NODES; v++) {
      nodes.add(
          row(
              name.of(v),
              List.of(random.nextInt(100) / 8f, (float) v),
              v % 7 == 0 ? null : "c" + random.nextInt(3),
              splits[random.nextInt(4)]));
    }
    return nodes;
  }

  private void assertSameAsImport(List<Row> edges, List<Row> nodes, boolean undirected)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "case");
    boolean text = edges.getFirst().get(0) instanceof String;
    boolean attributes = edges.getFirst().size() > 2;
    String id = text ? "string" : "long";
    Dataset<Row> edgeTable =
        spark.createDataFrame(
            edges,
            attributes
                ? schema("src " + id, "dst " + id, "weight float", "time long")
                : schema("src " + id, "dst " + id));
    Path csv =
        csv(work.resolve("edges.csv"), "src,dst" + (attributes ? ",weight,time" : ""), edges);
    EdgeListOptions options = EdgeListOptions.defaults();
    if (attributes) {
      options = options.withWeightColumn("weight").withTimeColumn("time");
    }
    Dataset<Row> nodeTable = null;
    if (nodes != null) {
      nodeTable =
          spark
              .createDataFrame(
                  nodes, schema("id " + id, "features floats", "label string", "split string"))
              .repartition(1); // the same order, in one partition
      Path table = work.resolve("nodes.csv");
      csv(
          table,
          "id,f0,f1,label,split",
          nodes.stream()
              .map(
                  it ->
                      row(
                          it.get(0),
                          ((List<?>) it.get(1)).get(0),
                          ((List<?>) it.get(1)).get(1),
                          it.get(2),
                          it.get(3)))
              .toList());
      options =
          options.withNodes(
              new NodeTableOptions(
                  table,
                  Optional.of("id"),
                  List.of("f0", "f1"),
                  Optional.of("label"),
                  Optional.of("split")));
    }
    Path imported = work.resolve("imported");
    EdgeListImporter.importFiles(
        List.of(csv),
        options,
        imported,
        ImportOptions.defaults().withUndirected(undirected),
        Progress.NONE);
    Path built = work.resolve("built");
    GraphTables.write(nodeTable, edgeTable, built.toString(), undirected);
    List<Path> files = files(imported);
    assertEquals(files, files(built));
    assertTrue(files.size() >= 2);
    for (Path file : files) {
      assertArrayEquals(
          Files.readAllBytes(imported.resolve(file)),
          Files.readAllBytes(built.resolve(file)),
          file.toString());
    }
    try (GraphDataset a = GraphDataset.open(imported);
        GraphDataset b = GraphDataset.open(built)) {
      assertEquals(a.graph().numEdges(), b.graph().numEdges());
      assertEquals(a.hasLabels(), b.hasLabels());
      if (a.hasLabels()) {
        assertEquals(a.labels().classNames(), b.labels().classNames());
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(it -> it.toString().endsWith(".npy"))
          .map(directory::relativize)
          .sorted()
          .toList();
    }
  }

  private static Path csv(Path file, String header, List<Row> rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    for (Row row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : ",").append(row.isNullAt(i) ? "" : row.get(i));
      }
      lines.add(line.toString());
    }
    return Files.write(file, lines);
  }
}
