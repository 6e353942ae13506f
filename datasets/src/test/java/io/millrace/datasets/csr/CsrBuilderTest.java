package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.ReferenceCsr;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsrBuilderTest {

  private static List<List<Integer>> build(
      int numNodes, int edgesPerChunk, List<int[]> given, EdgeOptions options) {
    try (EdgeList edges = new EdgeList(edgesPerChunk);
        Arena arena = Arena.ofShared()) {
      given.forEach(edge -> edges.add(edge[0], edge[1]));
      return ReferenceCsr.rows(CsrBuilder.build(numNodes, edges, options, arena));
    }
  }

  @Test
  void putsTheSourceIntoTheRowOfTheDestination() {
    CsrGraph graph =
        CsrBuilder.build(4, new int[] {3, 0, 0}, new int[] {1, 1, 2}, EdgeOptions.DIRECTED);
    assertEquals(
        List.of(List.of(), List.of(0, 3), List.of(0), List.of()), ReferenceCsr.rows(graph));
  }

  @Test
  void addsReverseEdgesOnceAndKeepsSelfLoopsOnce() {
    int[] src = {0, 1, 2, 2, 0};
    int[] dst = {1, 0, 2, 2, 2};
    CsrGraph graph = CsrBuilder.build(3, src, dst, EdgeOptions.UNDIRECTED);
    assertEquals(List.of(List.of(1, 2), List.of(0), List.of(0, 2)), ReferenceCsr.rows(graph));
  }

  @Test
  void doesNotDoubleASelfLoopWhenDuplicatesAreKept() {
    EdgeOptions options = new EdgeOptions(true, false, false, false);
    CsrGraph graph = CsrBuilder.build(2, new int[] {1, 0}, new int[] {1, 1}, options);
    assertEquals(List.of(List.of(1), List.of(0, 1)), ReferenceCsr.rows(graph));
  }

  @Test
  void buildsGraphsWithoutEdgesAndOfOneNode() {
    int[] none = {};
    assertEquals(
        List.of(List.of(), List.of()),
        ReferenceCsr.rows(CsrBuilder.build(2, none, none, EdgeOptions.UNDIRECTED)));
    int[] zero = {0};
    assertEquals(
        List.of(List.of(0)),
        ReferenceCsr.rows(CsrBuilder.build(1, zero, zero, EdgeOptions.UNDIRECTED)));
    assertEquals(0, CsrBuilder.build(0, none, none, EdgeOptions.DIRECTED).numNodes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void agreesWithTheReferenceOnRandomGraphs(int bits) {
    EdgeOptions options = new EdgeOptions((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, false);
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int numNodes = 1 + random.nextInt(60);
      List<int[]> given = randomEdges(random, numNodes, random.nextInt(400));
      assertEquals(
          ReferenceCsr.rows(numNodes, given, options),
          build(numNodes, 1 + random.nextInt(50), given, options),
          "seed=" + seed + ", " + options);
    }
  }

  /** Sources follow a power law, so that there are hubs, duplicates and self-loops. */
  private static List<int[]> randomEdges(Random random, int numNodes, int numEdges) {
    List<int[]> edges = new ArrayList<>();
    for (int i = 0; i < numEdges; i++) {
      double u = random.nextDouble();
      edges.add(new int[] {(int) (u * u * u * numNodes), random.nextInt(numNodes)});
    }
    return edges;
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() throws Exception {
    int numNodes = 10_000;
    try (EdgeList edges = new EdgeList(10_000);
        Arena arena = Arena.ofShared()) {
      Random random = new Random(5);
      for (int i = 0; i < 60_000; i++) {
        double u = random.nextDouble();
        edges.add((int) (u * u * numNodes), random.nextInt(numNodes));
      }
      String first = null;
      for (int threads : new int[] {1, 2, 7}) {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
          CsrGraph graph =
              pool.submit(() -> CsrBuilder.build(numNodes, edges, EdgeOptions.UNDIRECTED, arena))
                  .get();
          String fingerprint = GraphDataset.builder("g", graph).build().fingerprint();
          first = first == null ? fingerprint : first;
          assertEquals(first, fingerprint, "threads=" + threads);
        }
      }
    }
  }

  @Test
  void rejectsTheFirstEdgeOutOfRange() {
    try (EdgeList edges = new EdgeList(3);
        Arena arena = Arena.ofShared()) {
      for (int i = 0; i < 100; i++) {
        edges.add(i < 41 ? 0 : i % 2 == 0 ? -1 : 1, i < 41 ? 1 : 5);
      }
      Expect.badInput(
          () -> CsrBuilder.build(5, edges, EdgeOptions.DIRECTED, arena),
          "edge id out of range: edge=41, src=1, dst=5, numNodes=5");
    }
  }

  @Test
  void rejectsArraysOfDifferentLength() {
    Expect.badInput(
        () -> CsrBuilder.build(5, new int[2], new int[3], EdgeOptions.DIRECTED), "src=2, dst=3");
  }
}
