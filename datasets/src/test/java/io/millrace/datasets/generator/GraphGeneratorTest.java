package io.millrace.datasets.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Notes;
import io.millrace.datasets.Split;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.inspect.DatasetReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GraphGeneratorTest {
  @TempDir Path folder;

  private DatasetReport report(GraphGenerator kind, GeneratorOptions options) {
    Path out = folder.resolve("g" + folder.toFile().list().length);
    kind.generate(options, out, Progress.NONE);
    return DatasetInspector.inspect(out, Progress.NONE);
  }

  /** More edges than one thread draws at once. */
  @ParameterizedTest
  @EnumSource
  @Tag("exhaustive")
  void doesNotDependOnTheNumberOfThreads(GraphGenerator kind) throws Exception {
    GeneratorOptions options =
        GeneratorOptions.of(1 << 15, (1 << 20) + 10_000)
            .withFeatures(5, FeatureType.FLOAT16)
            .withClasses(4)
            .withSeed(9);
    List<DatasetDescription> all = new ArrayList<>();
    for (int threads : new int[] {1, 5}) {
      Path out = folder.resolve("t" + threads);
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        all.add(pool.submit(() -> kind.generate(options, out, Progress.NONE)).get());
      }
    }
    assertEquals(all.get(0), all.get(1));
  }

  /** Graphs are kept by {@link GraphGenerator#FORMAT}: raise it together with these. */
  @ParameterizedTest
  @CsvSource({"PLANTED, a4a813eb57f5643f", "RMAT, 5d3da9626f374d18", "CHUNG_LU, 63285900279cef4a"})
  void theSameOptionsMakeTheFilesOfTheFormatsNumber(GraphGenerator kind, String fingerprint) {
    GeneratorOptions options =
        GeneratorOptions.of(256, 1500)
            .withUndirected(true)
            .withFeatures(3, FeatureType.FLOAT16)
            .withClasses(3)
            .withSeed(1);
    DatasetDescription made = kind.generate(options, folder.resolve("g"), Progress.NONE);
    assertEquals("1: " + fingerprint, GraphGenerator.FORMAT + ": " + made.fingerprint());
    Path other = folder.resolve("other");
    assertNotEquals(
        fingerprint, kind.generate(options.withSeed(2), other, Progress.NONE).fingerprint());
  }

  @ParameterizedTest
  @EnumSource
  void writesEverythingThatWasAskedFor(GraphGenerator kind) {
    GeneratorOptions options =
        GeneratorOptions.of(1024, 5000)
            .withFeatures(7, FeatureType.FLOAT32)
            .withClasses(3)
            .withSplit(0.5, 0.1);
    DatasetReport report = report(kind, options);
    assertEquals(1024, report.description().numNodes());
    assertEquals(5000, report.description().numEdges());
    assertTrue(report.description().directed());
    assertEquals(7, report.description().features().orElseThrow().dim());
    assertEquals(512, report.splitSizes().get(Split.TRAIN));
    assertEquals(102, report.splitSizes().get(Split.VALID));
    assertEquals(410, report.splitSizes().get(Split.TEST));
    assertEquals(3, report.labels().orElseThrow().perClass().size());
    assertTrue(report.labels().orElseThrow().perClass().stream().allMatch(n -> n > 150));
    assertTrue(report(kind, options.withUndirected(true)).degrees().symmetric());
  }

  @ParameterizedTest
  @EnumSource
  void makesTheSmallestGraphs(GraphGenerator kind) {
    GeneratorOptions one = GeneratorOptions.of(1, 10).withClasses(2);
    DatasetReport report = report(kind, one.withUndirected(true).withSplit(1, 0));
    assertEquals(1, report.description().numEdges());
    assertEquals(1, report.degrees().selfLoops());
    DatasetReport none = report(kind, one.withNodes(8).withEdges(0));
    assertEquals(8, none.degrees().isolatedNodes());
  }

  /** 64 MiB of features: they are drawn in two blocks of 2048 rows. */
  @Test
  void refusesMoreEdgesThanTheDiskHolds(@TempDir Path empty) {
    for (long numEdges : new long[] {100_000_000_000L, Long.MAX_VALUE}) {
      BadInputException thrown =
          assertThrows(
              BadInputException.class,
              () ->
                  GraphGenerator.RMAT.generate(
                      GeneratorOptions.of(1024, numEdges), empty.resolve("x"), Progress.NONE));
      assertTrue(thrown.getMessage().startsWith("not enough space on disk: folder="));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLANTED", "CHUNG_LU"})
  void refusesMoreNodesThanTheHeapHolds(GraphGenerator kind, @TempDir Path empty)
      throws IOException {
    GeneratorOptions most = GeneratorOptions.of(Integer.MAX_VALUE - 1, 10);
    long heap = Runtime.getRuntime().maxMemory();
    assumeTrue(20L * most.numNodes() > heap, "the heap holds any number of nodes");
    BadInputException thrown =
        assertThrows(
            BadInputException.class, () -> kind.generate(most, empty.resolve("x"), Progress.NONE));
    String message = thrown.getMessage();
    assertTrue(message.startsWith("too many nodes for the heap of Java"), message);
    assertTrue(message.endsWith("heapBytes=" + heap), message);
    try (Stream<Path> left = Files.list(empty)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @Tag("exhaustive")
  void drawsOtherFeaturesInEveryBlock() {
    Path out = folder.resolve("blocks");
    GeneratorOptions options = GeneratorOptions.of(4096, 1).withFeatures(4096, FeatureType.FLOAT32);
    GraphGenerator.CHUNG_LU.generate(options, out, Progress.NONE);
    try (GraphDataset dataset = GraphDataset.open(out)) {
      long distinct =
          IntStream.range(0, 4096)
              .mapToObj(
                  node -> dataset.features().get(node, 1) + " " + dataset.features().get(node, 2))
              .distinct()
              .count();
      assertEquals(4096, distinct);
    }
  }

  @Test
  void rmatRoundsNodesUpAndSaysSo() {
    Notes notes = new Notes();
    Path out = folder.resolve("r");
    DatasetDescription description =
        GraphGenerator.RMAT.generate(GeneratorOptions.of(1025, 10), out, notes);
    assertEquals(2048, description.numNodes());
    assertEquals(
        List.of("rmat rounds nodes up to a power of two: nodes=1025, used=2048"), notes.heard());
    Expect.badInput(
        () ->
            GraphGenerator.RMAT.generate(
                GeneratorOptions.of((1 << 30) + 1, 10), folder.resolve("x"), Progress.NONE),
        "too many nodes for rmat");
  }

  @Test
  @Tag("exhaustive")
  void chungLuHasTheDegreesOfProducts() {
    int numNodes = 50_000;
    GeneratorOptions options = GeneratorOptions.of(numNodes, 25 * numNodes);
    DatasetReport.Degrees degrees =
        report(GraphGenerator.CHUNG_LU, options.withUndirected(true)).degrees();
    // Expected degrees have the median 26 * 50 / 50.5; duplicates that are dropped take some.
    assertTrue(degrees.median() >= 22 && degrees.median() <= 27, degrees.toString());
    assertTrue(degrees.max() > 1000, degrees.toString());
  }

  @Test
  void plantedEdgesStayMostlyInsideTheirCommunity() {
    Path out = folder.resolve("p");
    GraphGenerator.PLANTED.generate(GraphGenerator.PLANTED.defaults(), out, Progress.NONE);
    try (GraphDataset dataset = GraphDataset.open(out)) {
      CsrGraph graph = dataset.graph();
      long inside = 0;
      for (int v = 0; v < graph.numNodes(); v++) {
        for (long i = graph.rowStart(v); i < graph.rowStart(v + 1); i++) {
          inside += dataset.labels().get(v) == dataset.labels().get(graph.neighbor(i)) ? 1 : 0;
        }
      }
      double share = (double) inside / graph.numEdges();
      assertTrue(share > 0.63 && share < 0.73, "share=" + share);
    }
    DatasetReport report = DatasetInspector.inspect(out, Progress.NONE);
    assertTrue(report.degrees().isolatedNodes() > 50, report.degrees().toString());
    assertTrue(report.degrees().max() > 10 * report.degrees().median());
    List<Long> sizes = report.labels().orElseThrow().perClass();
    assertTrue(sizes.get(9) > 1.5 * sizes.get(0), sizes.toString());
  }

  /** What the features alone give away: the nearest centre, estimated from the train split. */
  @Test
  void plantedFeaturesInformButDoNotSuffice() {
    Path out = folder.resolve("p");
    GraphGenerator.PLANTED.generate(GraphGenerator.PLANTED.defaults(), out, Progress.NONE);
    try (GraphDataset dataset = GraphDataset.open(out)) {
      double accuracy = NearestCentre.accuracy(dataset);
      assertTrue(accuracy > 0.52 && accuracy < 0.65, "accuracy=" + accuracy);
    }
  }

  @Test
  void plantedNeedsClasses() {
    Expect.badInput(
        () ->
            GraphGenerator.PLANTED.generate(
                GeneratorOptions.of(10, 10), folder.resolve("p"), Progress.NONE),
        "planted communities need 2 classes or more: classes=0");
    assertFalse(Files.exists(folder.resolve("p")));
  }

  @Test
  void rejectsOptionsOutOfRange() {
    GeneratorOptions options = GeneratorOptions.of(10, 10);
    Expect.badInput(() -> options.withNodes(0), "nodes=0");
    Expect.badInput(() -> options.withNodes(Integer.MAX_VALUE), "nodes=2147483647");
    Expect.badInput(() -> options.withEdges(-1), "edges=-1");
    Expect.badInput(() -> options.withFeatures(-1, FeatureType.FLOAT32), "features=-1");
    Expect.badInput(() -> options.withClasses(2_000_000), "classes=2000000");
    Expect.badInput(() -> options.withSplit(0.8, 0.3), "together at most 1");
    Expect.badInput(() -> options.withSplit(Double.NaN, 0.3), "trainShare=NaN");
  }
}
