package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports of real graphs, with the counts that are known of them. */
class RealGraphsTest {
  private static final Path DATA = Path.of(System.getProperty("millrace.test.data", "none"));

  @TempDir Path folder;

  private DatasetReport run(String name, OgbOptions options) {
    Path source = DATA.resolve(name);
    Assumptions.assumeTrue(Files.isDirectory(source), "no real graph at " + source);
    Path out = folder.resolve(name);
    OgbImporter.importFolder(source, out, options.withUndirected(true), Progress.NONE);
    return DatasetInspector.inspect(out, Progress.NONE);
  }

  @Test
  void importsCora() {
    DatasetReport report = run("cora", OgbOptions.defaults().withNormalization(Normalization.ROW));
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

  @Test
  @Tag("exhaustive")
  void importsArxiv() {
    DatasetReport report = run("ogbn-arxiv-tape", OgbOptions.defaults());
    assertEquals(169_343, report.description().numNodes());
    assertEquals(2_315_598, report.description().numEdges());
    assertEquals(90_941, report.splitSizes().get(Split.TRAIN));
    assertEquals(27_321L, report.labels().orElseThrow().perClass().get(16));
  }

  @Test
  @Tag("exhaustive")
  void importsAGraphWithSelfLoops() {
    DatasetReport report = run("facebook-pagepage", OgbOptions.defaults());
    assertEquals(2 * 170_823 + 179, report.description().numEdges());
    assertEquals(179, report.degrees().selfLoops());
  }

  @Test
  @Tag("exhaustive")
  void importsAGraphWithoutFeatures() {
    DatasetReport report = run("cnr-2000", OgbOptions.defaults());
    assertEquals(325_557, report.description().numNodes());
    assertEquals(87_442, report.degrees().selfLoops());
    assertEquals(2 * 2_738_969 + 87_442, report.description().numEdges());
    assertTrue(report.features().isEmpty() && report.splitSizes().isEmpty());
  }
}
