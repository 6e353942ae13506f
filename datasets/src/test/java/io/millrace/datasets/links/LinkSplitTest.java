package io.millrace.datasets.links;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.TinyDataset;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkSplitTest {
  private static final int[] PATH_SRC = {0, 1, 2, 3, 4};
  private static final int[] PATH_DST = {1, 2, 3, 4, 5};

  @TempDir private Path directory;

  private record Made(GraphDataset training, HeldOutLinks links) {}

  private Made split(GraphDataset data, LinkSplit split, String name) {
    Path out = directory.resolve(name);
    split.write(data, out);
    GraphDataset training = GraphDataset.open(out);
    return new Made(training, HeldOutLinks.read(out, training.graph().numNodes()));
  }

  private static GraphDataset undirectedPath() {
    return GraphDataset.builder(
            "path", CsrBuilder.build(100, PATH_SRC, PATH_DST, EdgeOptions.UNDIRECTED))
        .build();
  }

  private static List<String> pairs(NodePairs pairs) {
    return IntStream.range(0, pairs.size())
        .mapToObj(i -> pairs.src(i) + "-" + pairs.dst(i))
        .toList();
  }

  private static List<String> edges(CsrGraph graph) {
    List<String> edges = new ArrayList<>();
    for (int dst = 0; dst < graph.numNodes(); dst++) {
      for (long p = graph.rowStart(dst); p < graph.rowStart(dst + 1); p++) {
        edges.add(graph.neighbor(p) + "-" + dst);
      }
    }
    return edges;
  }

  @Test
  void holdsOutPairsOfAnUndirectedPathInBothDirections() {
    Made made = split(undirectedPath(), new LinkSplit(0.4, 0, 1, 0), "out");
    assertEquals(6, made.training().graph().numEdges());
    assertEquals(2, made.links().valid().positives().size());
    assertEquals(2, made.links().valid().negatives().size());
    assertTrue(made.links().test().isEmpty());
    assertFalse(made.training().description().directed());
    for (String pair : pairs(made.links().valid().positives())) {
      String[] ends = pair.split("-");
      assertTrue(Integer.parseInt(ends[0]) < Integer.parseInt(ends[1]), pair);
      assertFalse(edges(made.training().graph()).contains(pair));
      assertFalse(edges(made.training().graph()).contains(ends[1] + "-" + ends[0]));
    }
  }

  @Test
  void holdsOutSingleEdgesOfADirectedGraph() {
    int[] src = IntStream.concat(IntStream.of(PATH_SRC), IntStream.of(PATH_DST)).toArray();
    int[] dst = IntStream.concat(IntStream.of(PATH_DST), IntStream.of(PATH_SRC)).toArray();
    int[] more = IntStream.concat(IntStream.of(src), IntStream.of(0)).toArray(); // one way only
    int[] to = IntStream.concat(IntStream.of(dst), IntStream.of(9)).toArray();
    GraphDataset data =
        GraphDataset.builder("path", CsrBuilder.build(100, more, to, EdgeOptions.DIRECTED)).build();
    Made made = split(data, new LinkSplit(0.2, 0.2, 2, 3), "out");
    assertEquals(7, made.training().graph().numEdges());
    assertEquals(2, made.links().valid().positives().size());
    assertEquals(4, made.links().valid().negatives().size());
    assertEquals(2, made.links().test().positives().size());
    assertEquals(2, made.links().test().numNegatives());
    Set<String> all = new TreeSet<>(edges(made.training().graph()));
    all.addAll(pairs(made.links().valid().positives()));
    all.addAll(pairs(made.links().test().positives()));
    assertEquals(new TreeSet<>(edges(data.graph())), all);
  }

  @Test
  void negativesAreDistinctAndUnlinkedInEitherDirection() {
    GraphDataset data = undirectedPath();
    Made made = split(data, new LinkSplit(0.2, 0.4, 20, 7), "out");
    List<String> negatives = new ArrayList<>(pairs(made.links().valid().negatives()));
    negatives.addAll(pairs(made.links().test().negatives()));
    assertEquals(60, negatives.size());
    Set<String> seen = new HashSet<>();
    for (String pair : negatives) {
      String[] ends = pair.split("-");
      assertNotEquals(ends[0], ends[1]);
      assertTrue(seen.add(pair) && !seen.contains(ends[1] + "-" + ends[0]), pair);
      assertFalse(edges(data.graph()).contains(pair), pair);
    }
  }

  @Test
  void drawsEveryFreePairWhenAllAreNeeded() {
    int n = 5; // complete but for 4 pairs
    List<int[]> kept = new ArrayList<>();
    for (int u = 0; u < n; u++) {
      for (int v = u + 1; v < n; v++) {
        if (u != 0) {
          kept.add(new int[] {u, v});
        }
      }
    }
    int[] src = kept.stream().mapToInt(e -> e[0]).toArray();
    int[] dst = kept.stream().mapToInt(e -> e[1]).toArray();
    GraphDataset data =
        GraphDataset.builder("k", CsrBuilder.build(n, src, dst, EdgeOptions.UNDIRECTED)).build();
    Made made = split(data, new LinkSplit(0.34, 0, 2, 1), "out");
    assertEquals(
        Set.of("0-1", "0-2", "0-3", "0-4"), new TreeSet<>(pairs(made.links().valid().negatives())));
    BadInputException error =
        assertThrows(
            BadInputException.class,
            () -> new LinkSplit(0.34, 0, 3, 1).write(data, directory.resolve("no")));
    assertEquals(
        "too few pairs of nodes have no edge: dataset=k, pairs=4, negatives=6", error.getMessage());
    assertFalse(Files.exists(directory.resolve("no")));
  }

  @Test
  void sameSeedSameFilesAndAnotherSeedOthers() {
    GraphDataset data = undirectedPath();
    LinkSplit split = new LinkSplit(0.2, 0.2, 1, 5);
    String first = split.write(data, directory.resolve("a")).fingerprint();
    String again = split.write(data, directory.resolve("b")).fingerprint();
    assertEquals(first, again);
    Set<String> others = new HashSet<>();
    for (int seed = 0; seed < 5; seed++) {
      LinkSplit other = new LinkSplit(0.2, 0.2, 1, seed);
      others.add(other.write(data, directory.resolve("seed" + seed)).fingerprint());
    }
    assertTrue(others.size() > 2, others::toString);
  }

  @Test
  void everyLinkIsHeldOutEquallyOften() {
    GraphDataset data = undirectedPath();
    Map<String, Integer> counts = new HashMap<>();
    int numRuns = 400;
    for (int seed = 0; seed < numRuns; seed++) {
      HeldOutLinks links = new LinkSplit(0.2, 0, 1, seed).heldOut(data);
      counts.merge(pairs(links.valid().positives()).getFirst(), 1, Integer::sum);
    }
    assertEquals(5, counts.size());
    double chiSquare =
        counts.values().stream().mapToDouble(c -> (c - 80.0) * (c - 80.0) / 80).sum();
    assertTrue(chiSquare < 23.5, () -> "chi-square of 4 degrees: " + counts); // p = 1e-4
  }

  @Test
  void keepsEverythingElseOfTheDataset() {
    CsrGraph graph = CsrBuilder.build(5, PATH_SRC, new int[] {1, 2, 3, 4, 4}, EdgeOptions.DIRECTED);
    long numEdges = graph.numEdges(); // the last one is a self-loop
    float[] weights = new float[(int) numEdges];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
    }
    long[] ids = LongStream.range(10, 10 + numEdges).toArray();
    GraphDataset data =
        GraphDataset.builder("weighted", graph)
            .edges(
                EdgeAttributes.NONE
                    .withWeights(MemorySegment.ofArray(weights))
                    .withIds(MemorySegment.ofArray(ids)))
            .names(List.of("a", "b", "c", "d", "e"))
            .split(Split.TRAIN, 1, 2)
            .build();
    Made made = split(data, new LinkSplit(0.25, 0.25, 1, 0), "out");
    GraphDataset training = made.training();
    List<String> all = edges(graph);
    List<String> kept = edges(training.graph());
    assertTrue(kept.contains("4-4"), "a self-loop is no link");
    assertEquals(3, kept.size());
    for (int i = 0; i < kept.size(); i++) {
      int before = all.indexOf(kept.get(i));
      assertEquals(before, training.edges().weight(i));
      assertEquals(10 + before, training.edges().id(i));
    }
    assertEquals(2, training.dictionary().orElseThrow().node("c").orElseThrow());
    assertEquals(2, training.nodes(Split.TRAIN).length);
    DatasetInspector.inspect(directory.resolve("out"), Progress.NONE); // checksums and values
  }

  @Test
  void refusesSharesThatLeaveNothing() {
    for (double[] shares : new double[][] {{0, 0.1}, {0.5, 0.5}, {0.1, -0.1}, {Double.NaN, 0.1}}) {
      assertThrows(BadInputException.class, () -> new LinkSplit(shares[0], shares[1], 1, 0));
    }
    BadInputException error =
        assertThrows(
            BadInputException.class,
            () -> new LinkSplit(0.05, 0.1, 1, 0).write(undirectedPath(), directory.resolve("x")));
    assertEquals(
        "too few links to hold some out: links=5, valid=0.05, test=0.1", error.getMessage());
  }

  @Test
  void refusesFilesThatAreNoPairsOfTheGraph() throws Exception {
    Path plain = TinyDataset.save(directory.resolve("plain"));
    BadInputException none =
        assertThrows(BadInputException.class, () -> HeldOutLinks.read(plain, 5));
    assertTrue(none.getMessage().startsWith("dataset has no held-out links"), none.getMessage());
    Path out = directory.resolve("out");
    new LinkSplit(0.2, 0.2, 1, 0).write(undirectedPath(), out);
    TinyDataset.putInt(out.resolve("links/test.npy"), 1, 100);
    BadInputException range =
        assertThrows(BadInputException.class, () -> HeldOutLinks.read(out, 100));
    assertTrue(range.getMessage().startsWith("node id out of range"), range.getMessage());
  }

  @Test
  void moreNegativesThanAnArrayHoldsAreRefusedInOneLine() {
    long[] indptr = new long[202];
    int[] indices = new int[200];
    for (int v = 1; v <= 200; v++) {
      indices[v - 1] = v - 1;
      indptr[v + 1] = v;
    }
    try (GraphDataset path = GraphDataset.builder("path", CsrGraph.of(indptr, indices)).build()) {
      LinkSplit split = new LinkSplit(0.5, 0.1, Integer.MAX_VALUE, 0);
      String message =
          assertThrows(BadInputException.class, () -> split.heldOut(path)).getMessage();
      assertTrue(message.startsWith("too many negatives: negatives="), message);
    }
  }
}
