package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.TestEdges;
import io.millrace.datasets.inspect.DatasetInspector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Builds with so little memory that almost every edge goes through the temporary file. */
class ExternalBuildTest {
  private static final long AMPLE = 1 << 24;

  @TempDir Path folder;

  private static Stream<EdgeOptions> allOptions() {
    return IntStream.range(0, 16)
        .mapToObj(
            bits ->
                new EdgeOptions(
                    (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
  }

  private Path build(int numNodes, EdgeSource source, EdgeOptions options, SortMemory sizes) {
    Path out = folder.resolve("g" + folder.toFile().list().length);
    return TestBuild.write(out, numNodes, source, options, sizes);
  }

  /** Every column of an edge must be that of the input's edge whose number it carries. */
  private static List<List<List<Long>>> rows(GraphDataset dataset) {
    CsrGraph graph = dataset.graph();
    EdgeAttributes edges = dataset.edges();
    List<List<List<Long>>> rows = new ArrayList<>();
    for (int v = 0; v < graph.numNodes(); v++) {
      List<List<Long>> row = new ArrayList<>();
      for (long i = graph.rowStart(v); i < graph.rowStart(v + 1); i++) {
        long id = edges.id(i);
        row.add(List.of((long) graph.neighbor(i), id));
        assertEquals(TestEdges.weight(id), edges.weight(i));
        assertEquals(TestEdges.time(id), edges.time(i));
        for (int column = 0; column < 3; column++) {
          assertEquals(TestEdges.feature(id, column), edges.feature(i, column));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("allOptions")
  @Tag("exhaustive")
  void agreesWithTheReferenceWhateverTheMemory(EdgeOptions options) {
    for (long seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      int numNodes = 2 + random.nextInt(80);
      int[][] edges = TestEdges.skewed(random, numNodes, 200 + random.nextInt(800));
      int blockEdges = 1 + random.nextInt(40);
      int workers = 1 + random.nextInt(3);
      List<List<List<Long>>> expected = TestEdges.rows(numNodes, edges, options);
      String fingerprint = null;
      for (long storeBytes : new long[] {0, AMPLE}) {
        SortMemory sizes = new SortMemory(workers, blockEdges, AMPLE, storeBytes);
        EdgeSource source = new TestEdges(edges, TestEdges.ALL);
        Path out = build(numNodes, source, options, sizes);
        String where = "seed=" + seed + ", " + options + ", " + sizes;
        try (GraphDataset dataset = GraphDataset.open(out)) {
          assertEquals(expected, rows(dataset), where);
          fingerprint = fingerprint == null ? dataset.fingerprint() : fingerprint;
          assertEquals(fingerprint, dataset.fingerprint(), where);
        }
        DatasetInspector.inspect(out, Progress.NONE);
      }
    }
  }

  /** So small a buffer that a node's row, and one edge given very often, need many pieces. */
  @ParameterizedTest
  @MethodSource("allOptions")
  void cutsHubsAndRepeatedEdgesIntoPieces(EdgeOptions options) {
    Random random = new Random(5);
    int numNodes = 50;
    int[][] edges = TestEdges.skewed(random, numNodes, 6000);
    int blockEdges = 200;
    // 30 runs of at most 400 edges and a sample each: 240 edges would do for a piece.
    long bufferBytes = 240 * EdgeBuffer.bytesPerRecord(TestEdges.ALL);
    SortMemory sizes = new SortMemory(2, blockEdges, bufferBytes, 0);
    int pieceRecords = sizes.pieceRecords(30, TestEdges.ALL, options);
    assertEquals(240, pieceRecords);
    Path out = build(numNodes, new TestEdges(edges, TestEdges.ALL), options, sizes);
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(TestEdges.rows(numNodes, edges, options), rows(dataset));
      assertTrue(
          options.dropDuplicates()
              || dataset.graph().degree(hub(dataset.graph())) > 10 * pieceRecords);
    }
  }

  private static int hub(CsrGraph graph) {
    return IntStream.range(0, graph.numNodes())
        .reduce((a, b) -> graph.degree(a) >= graph.degree(b) ? a : b)
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("allOptions")
  void makesTheSameFilesAsTheBuildInMemory(EdgeOptions options) {
    int numNodes = 600;
    int[][] edges = TestEdges.skewed(new Random(8), numNodes, 20_000);
    EdgeSource source = new TestEdges(edges, EdgeColumns.NONE);
    Path out = build(numNodes, source, options, new SortMemory(2, 1000, AMPLE, 0));
    CsrGraph graph =
        CsrBuilder.build(
            numNodes,
            Stream.of(edges).mapToInt(edge -> edge[0]).toArray(),
            Stream.of(edges).mapToInt(edge -> edge[1]).toArray(),
            options);
    try (GraphDataset disk = GraphDataset.open(out);
        GraphDataset memory = GraphDataset.builder("m", graph).build()) {
      assertEquals(memory.description().files(), disk.description().files());
    }
  }

  @Test
  void buildsGraphsWithoutEdgesAndOfOneNode() {
    SortMemory sizes = new SortMemory(2, 10, AMPLE, AMPLE);
    Path none = build(3, new TestEdges(new int[0][], TestEdges.ALL), EdgeOptions.DIRECTED, sizes);
    try (GraphDataset dataset = GraphDataset.open(none)) {
      assertEquals(List.of(List.of(), List.of(), List.of()), rows(dataset));
    }
    int[][] loops = {{0, 0}, {0, 0}};
    Path one = build(1, new TestEdges(loops, TestEdges.ALL), EdgeOptions.UNDIRECTED, sizes);
    try (GraphDataset dataset = GraphDataset.open(one)) {
      assertEquals(List.of(List.of(List.of(0L, 0L))), rows(dataset));
    }
  }

  @Test
  void savesWhatEdgesCarryAgain() {
    int[][] edges = TestEdges.skewed(new Random(1), 20, 100);
    SortMemory sizes = new SortMemory(1, 10, AMPLE, AMPLE);
    Path out = build(20, new TestEdges(edges, TestEdges.ALL), EdgeOptions.UNDIRECTED, sizes);
    try (GraphDataset first = GraphDataset.open(out)) {
      first.save(folder.resolve("again"));
      try (GraphDataset second =
          GraphDataset.open(folder.resolve("again"), StorageMode.IN_MEMORY)) {
        assertEquals(rows(first), rows(second));
        assertEquals(first.fingerprint(), second.fingerprint());
        assertEquals(TestEdges.ALL, second.edges().columns());
      }
    }
  }

  @Test
  void refusesTheFirstEdgeOutOfRangeWhateverTheBlocks() {
    int[][] edges = TestEdges.skewed(new Random(1), 20, 500);
    edges[333] = new int[] {3, 20};
    edges[334] = new int[] {-1, 4};
    edges[450] = new int[] {-1, 4};
    for (int blockEdges : new int[] {1, 7, 1000}) {
      SortMemory sizes = new SortMemory(3, blockEdges, AMPLE, 0);
      Expect.badInput(
          () -> build(20, new TestEdges(edges, TestEdges.ALL), EdgeOptions.UNDIRECTED, sizes),
          "edge id out of range: edge=333, src=3, dst=20, numNodes=20");
    }
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void leavesNothingBehindWhenTheSourceFails() {
    EdgeSource source =
        block -> {
          block.add(1, 2);
          throw BadInputException.of("line is bad", "line", 7);
        };
    Expect.badInput(
        () -> build(5, source, EdgeOptions.DIRECTED, new SortMemory(2, 3, AMPLE, 0)),
        "line is bad: line=7");
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void refusesAMemoryThatCannotHoldAPieceOfEveryRun() {
    int[][] edges = TestEdges.skewed(new Random(1), 20, 500);
    Expect.badInput(
        () ->
            build(
                20,
                new TestEdges(edges, EdgeColumns.NONE),
                EdgeOptions.DIRECTED,
                new SortMemory(1, 5, 1000, 0)),
        "too little memory for so many edges: runs=100");
    assertEquals(0, folder.toFile().list().length);
  }
}
