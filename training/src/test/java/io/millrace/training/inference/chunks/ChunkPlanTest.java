package io.millrace.training.inference.chunks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.training.inference.chunks.ChunkPlan.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkPlanTest {
  /** Degrees 2, 0, 9, 1, 1, 3. */
  private final CsrGraph graph = CsrGraph.of(new long[] {0, 2, 2, 11, 12, 13, 16}, new int[16]);

  private ChunkPlan plan(NodeSet nodes, int rangeNodes, Integer... ranges) {
    return new ChunkPlan(
        graph,
        nodes,
        new NodeRanges(6, rangeNodes),
        List.of(ranges),
        (numNodes, numEdges) -> numNodes <= 2 && numEdges <= 4,
        1,
        0);
  }

  @Test
  void cutsChunksWhereTheyAreFullAndSetsLongRowsApart() {
    assertEquals(
        List.of(
            new Chunk(0, 0, 2, 2, 2, false),
            new Chunk(0, 2, 3, 1, 9, true),
            new Chunk(0, 3, 5, 2, 2, false),
            new Chunk(0, 5, 6, 1, 3, false)),
        plan(NodeSet.all(6), 6, 0).chunks());
  }

  @Test
  void refusesMoreSamplesThanAnIntCounts() {
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                new ChunkPlan(
                    graph,
                    NodeSet.all(6),
                    new NodeRanges(6, 6),
                    List.of(0),
                    (numNodes, _) -> numNodes <= 2,
                    Integer.MAX_VALUE,
                    0));
    assertEquals(
        "too many samples, larger batches or fewer repeats are needed: batches=3,"
            + " repeats=2147483647",
        e.getMessage());
  }

  @Test
  void aChunkEndsWithItsRange() {
    assertEquals(
        List.of(new Chunk(0, 0, 1, 1, 2, false), new Chunk(3, 3, 4, 1, 1, false)),
        plan(NodeSet.all(6), 1, 0, 3).chunks());
  }

  @Test
  void takesOnlyTheNodesOfTheSet() {
    ChunkPlan plan = plan(NodeSet.of(6, new int[] {5, 3, 0}), 6, 0);
    assertEquals(
        List.of(new Chunk(0, 0, 5, 2, 3, false), new Chunk(0, 5, 6, 1, 3, false)), plan.chunks());
    assertEquals("[0, 3]", Arrays.toString(plan.seeds(0)));
    assertEquals("[5]", Arrays.toString(plan.seeds(1)));
  }

  @Test
  void aChunksSeedDoesNotDependOnTheOtherRanges() {
    ChunkPlan all = plan(NodeSet.all(6), 3, 0, 1);
    ChunkPlan second = plan(NodeSet.all(6), 3, 1);
    assertEquals(all.batchSeed(1), second.batchSeed(0));
    assertNotEquals(all.batchSeed(0), all.batchSeed(1));
  }

  @Test
  void everyNodeIsInOneChunkThatFits() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int numNodes = 1 + random.nextInt(200);
      long[] indptr = new long[numNodes + 1];
      for (int v = 0; v < numNodes; v++) {
        indptr[v + 1] = indptr[v] + random.nextInt(random.nextInt(10) == 0 ? 60 : 8);
      }
      CsrGraph graph = CsrGraph.of(indptr, new int[(int) indptr[numNodes]]);
      int[] members = random.ints(numNodes, 0, numNodes).toArray();
      NodeSet nodes = random.nextBoolean() ? NodeSet.all(numNodes) : NodeSet.of(numNodes, members);
      NodeRanges ranges = new NodeRanges(numNodes, 1 + random.nextInt(60));
      ChunkCost cost = new ChunkCost(1000, 20, 64, numNodes);
      ChunkPlan plan =
          new ChunkPlan(graph, nodes, ranges, ranges.all().boxed().toList(), cost::fits, 1, 0);
      List<Integer> seen = new ArrayList<>();
      for (Chunk chunk : plan.chunks()) {
        int[] own = plan.nodes(chunk);
        Arrays.stream(own).forEach(seen::add);
        int numEdges = Arrays.stream(own).map(graph::degree).sum();
        assertEquals(own.length, chunk.numNodes(), "seed " + seed);
        assertEquals(numEdges, chunk.numEdges(), "seed " + seed);
        assertEquals(!chunk.isLong(), cost.fits(own.length, numEdges), "seed " + seed);
        assertTrue(own.length > 0 && own[0] / ranges.size() == chunk.range(), "seed " + seed);
      }
      assertEquals(IntStream.of(nodes.between(0, numNodes)).boxed().toList(), seen, "seed " + seed);
    }
  }
}
