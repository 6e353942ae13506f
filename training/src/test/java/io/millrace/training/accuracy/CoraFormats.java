package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
import io.millrace.datasets.formats.ogb.OgbImporter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;

/**
 * cora in four formats, as datasets with reverse edges and normalised rows, which the caller
 * closes. Without the files, the test is skipped.
 */
final class CoraFormats {
  private static final Path DATA = Path.of(System.getProperty("millrace.test.data"));
  private static final Path CSV = DATA.resolve("cora");
  private static final Path NPZ = DATA.resolve("../formats/ogb-binary-cora");
  private static final Path GRAPH_BOLT = DATA.resolve("../formats/graphbolt-cora");
  private static final ImportOptions OPTIONS =
      ImportOptions.defaults().withUndirected(true).withNormalization(Normalization.ROW);

  private final Path directory;

  CoraFormats(Path directory) {
    this.directory = directory;
    Stream.of(CSV, NPZ, GRAPH_BOLT)
        .forEach(source -> assumeTrue(Files.isDirectory(source), "no such folder: " + source));
  }

  /** What a node is called in the tables of {@link #named}. */
  static String name(int node) {
    return "paper " + node;
  }

  GraphDataset ogbCsv() {
    return ogb(CSV, "csv");
  }

  /** Written by numpy; nodes outside the splits have no label, here and in GraphBolt's form. */
  GraphDataset ogbNpz() {
    return ogb(NPZ, "npz");
  }

  private GraphDataset ogb(Path source, String name) {
    Path out = directory.resolve(name);
    OgbImporter.importFolder(source, out, OPTIONS.withSplit("public"), Progress.NONE);
    return GraphDataset.open(out);
  }

  /** The fixture has but 64 of the features: it gets numpy's file of all of them. */
  GraphDataset graphBolt() throws IOException {
    Path source = directory.resolve("graphbolt-source");
    try (Stream<Path> files = Files.walk(GRAPH_BOLT);
        ZipFile npz = new ZipFile(NPZ.resolve("raw/data.npz").toFile());
        InputStream features = npz.getInputStream(npz.getEntry("node_feat.npy"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = source.resolve(GRAPH_BOLT.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.write(copy, Files.readAllBytes(file));
      }
      Files.copy(features, source.resolve("data/feat.npy"), StandardCopyOption.REPLACE_EXISTING);
    }
    Path out = directory.resolve("graphbolt");
    GraphBoltImporter.importFolder(
        source, GraphBoltOptions.defaults(), out, OPTIONS, Progress.NONE);
    return GraphDataset.open(out);
  }

  /**
   * A table of edges and one of nodes, with names for ids and for classes.
   *
   * @param order puts the lines of a table in another order
   */
  GraphDataset named(Consumer<List<String>> order) throws IOException {
    List<String> edges = new ArrayList<>();
    for (String edge : lines("raw/edge")) {
      String[] ends = edge.split(",");
      edges.add(name(Integer.parseInt(ends[0])) + "," + name(Integer.parseInt(ends[1])));
    }
    List<String> features = lines("raw/node-feat");
    List<String> labels = lines("raw/node-label");
    String[] parts = new String[features.size()];
    Arrays.fill(parts, "");
    for (Split split : Split.values()) {
      lines("split/public/" + split.fileName())
          .forEach(node -> parts[Integer.parseInt(node)] = split.fileName());
    }
    List<String> nodes = new ArrayList<>();
    for (int v = 0; v < parts.length; v++) {
      nodes.add(String.join(",", name(v), "topic " + labels.get(v), parts[v], features.get(v)));
    }
    order.accept(edges);
    order.accept(nodes);
    Path edgeFile = Files.write(directory.resolve("edges.csv"), edges);
    Path nodeFile = Files.write(directory.resolve("nodes.csv"), nodes);
    int numColumns = nodes.getFirst().split(",").length;
    NodeTableOptions table =
        new NodeTableOptions(
            nodeFile,
            Optional.of("1"),
            List.of("4-" + numColumns),
            Optional.of("2"),
            Optional.of("3"));
    Path out = directory.resolve("named");
    EdgeListOptions options = EdgeListOptions.defaults().withNodes(table);
    EdgeListImporter.importFiles(List.of(edgeFile), options, out, OPTIONS, Progress.NONE);
    return GraphDataset.open(out);
  }

  /** Of a packed file of the csv form. */
  private static List<String> lines(String name) throws IOException {
    try (InputStream in = Files.newInputStream(CSV.resolve(name + ".csv.gz"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(new GZIPInputStream(in)))) {
      return reader.lines().toList();
    }
  }
}
