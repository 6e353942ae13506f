package io.millrace.datasets.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
import io.millrace.datasets.formats.ogb.OgbImporter;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.inspect.DatasetReport;
import io.millrace.datasets.platform.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports of real graphs, with the counts that are known of them. */
class RealGraphsTest {
  private static final Path DATA = Path.of(System.getProperty("millrace.test.data", "none"));

  @TempDir Path folder;

  private DatasetReport run(String name, ImportOptions options) {
    Path source = DATA.resolve(name);
    Assumptions.assumeTrue(Files.isDirectory(source), "no real graph at " + source);
    Path out = folder.resolve(source.getFileName());
    OgbImporter.importFolder(source, out, options.withUndirected(true), Progress.NONE);
    return DatasetInspector.inspect(out, Progress.NONE);
  }

  @Test
  void importsCora() {
    DatasetReport report =
        run("cora", ImportOptions.defaults().withNormalization(Normalization.ROW));
    assertEquals(2708, report.description().numNodes());
    assertEquals(2 * 5278, report.description().numEdges());
    assertEquals(1433, report.description().features().orElseThrow().dim());
    assertEquals(7, report.description().numClasses().orElseThrow());
    assertEquals(140, report.splitSizes().get(Split.TRAIN));
    assertEquals(500, report.splitSizes().get(Split.VALID));
    assertEquals(1000, report.splitSizes().get(Split.TEST));
    assertEquals(351L, report.labels().orElseThrow().perClass().get(0));
    assertTrue(report.degrees().symmetric());
  }

  /** The fixture has both directions of every edge, and 64 of the features. */
  @Test
  @Tag("exhaustive")
  void importsCoraFromGraphBolt() {
    Path source = DATA.resolve("../formats/graphbolt-cora");
    Assumptions.assumeTrue(Files.isDirectory(source), "no fixture at " + source);
    Path out = folder.resolve("graphbolt");
    GraphBoltImporter.importFolder(
        source, GraphBoltOptions.defaults(), out, ImportOptions.defaults(), Progress.NONE);
    DatasetReport found = DatasetInspector.inspect(out, Progress.NONE);
    DatasetReport need = run("cora", ImportOptions.defaults());
    assertEquals("cora-mini", found.description().name());
    assertEquals(64, found.description().features().orElseThrow().dim());
    assertEquals(1640, 2708 - found.labels().orElseThrow().unlabelled());
    for (String file : List.of("indptr.npy", "indices.npy", "split/train.npy", "split/test.npy")) {
      assertEquals(need.description().files().get(file), found.description().files().get(file));
    }
    try (GraphDataset some = GraphDataset.open(out);
        GraphDataset all = GraphDataset.open(folder.resolve("cora"))) {
      for (int node : all.nodes(Split.VALID)) {
        assertEquals(all.labels().get(node), some.labels().get(node), "node " + node);
      }
    }
  }

  /** Names instead of numbers, edges in another order: the same graph by way of the dictionary. */
  @Test
  @Tag("exhaustive")
  void importsCoraFromAListOfNamesToTheSameGraph() throws IOException {
    run("cora", ImportOptions.defaults());
    try (GraphDataset cora = GraphDataset.open(folder.resolve("cora"))) {
      CsrGraph graph = cora.graph();
      List<String> lines = new ArrayList<>();
      for (int v = 0; v < graph.numNodes(); v++) {
        for (long i = graph.rowStart(v); i < graph.rowStart(v + 1); i++) {
          lines.add("paper " + graph.neighbor(i) + ",paper " + v);
        }
      }
      Collections.shuffle(lines, new Random(7));
      Path file = Files.write(folder.resolve("names.csv"), lines);
      EdgeListImporter.importFiles(
          List.of(file),
          EdgeListOptions.defaults(),
          folder.resolve("names"),
          ImportOptions.defaults(),
          Progress.NONE);
    }
    try (GraphDataset cora = GraphDataset.open(folder.resolve("cora"));
        GraphDataset named = GraphDataset.open(folder.resolve("names"))) {
      assertEquals(cora.graph().numNodes(), named.graph().numNodes());
      NodeDictionary names = named.dictionary().orElseThrow();
      for (int v = 0; v < cora.graph().numNodes(); v++) {
        int same = names.node("paper " + v).orElseThrow();
        assertEquals(
            neighbors(cora.graph(), v, node -> "paper " + node),
            neighbors(named.graph(), same, names::name));
      }
    }
  }

  private static Set<String> neighbors(CsrGraph graph, int node, IntFunction<String> name) {
    Set<String> neighbors = new TreeSet<>();
    for (long i = graph.rowStart(node); i < graph.rowStart(node + 1); i++) {
      neighbors.add(name.apply(graph.neighbor(i)));
    }
    assertEquals(graph.degree(node), neighbors.size());
    return neighbors;
  }

  @Test
  @Tag("exhaustive")
  void importsArxiv() {
    DatasetReport report = run("ogbn-arxiv-tape", ImportOptions.defaults());
    assertEquals(169_343, report.description().numNodes());
    assertEquals(2_315_598, report.description().numEdges());
    assertEquals(90_941, report.splitSizes().get(Split.TRAIN));
    assertEquals(27_321L, report.labels().orElseThrow().perClass().get(16));
  }

  @Test
  @Tag("exhaustive")
  void importsAGraphWithSelfLoops() {
    DatasetReport report = run("facebook-pagepage", ImportOptions.defaults());
    assertEquals(2 * 170_823 + 179, report.description().numEdges());
    assertEquals(179, report.degrees().selfLoops());
  }

  @Test
  @Tag("exhaustive")
  void importsAGraphWithoutFeatures() {
    DatasetReport report = run("cnr-2000", ImportOptions.defaults());
    assertEquals(325_557, report.description().numNodes());
    assertEquals(87_442, report.degrees().selfLoops());
    assertEquals(2 * 2_738_969 + 87_442, report.description().numEdges());
    assertTrue(report.features().isEmpty() && report.splitSizes().isEmpty());
  }

  /** The binary fixture of cora is the same graph, where nodes outside the split have no label. */
  @Test
  @Tag("exhaustive")
  void importsCoraInBinaryFormToTheSameFiles() {
    DatasetReport csv = run("cora", ImportOptions.defaults());
    DatasetReport binary = run("../formats/ogb-binary-cora", ImportOptions.defaults());
    Map<String, FileEntry> need = new TreeMap<>(csv.description().files());
    Map<String, FileEntry> found = new TreeMap<>(binary.description().files());
    need.remove("labels.npy");
    found.remove("labels.npy");
    assertEquals(need, found);
    assertEquals(2708 - 1640, binary.labels().orElseThrow().unlabelled());
    assertEquals(7, binary.description().numClasses().orElseThrow());
  }
}
