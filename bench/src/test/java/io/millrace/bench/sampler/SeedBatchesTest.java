package io.millrace.bench.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.bench.TestGraphs;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeedBatchesTest {
  private static final CsrGraph GRAPH = TestGraphs.random(500, 3);

  @Test
  void takesNodesWithNeighboursOnly() {
    Set<Integer> seen = new TreeSet<>();
    SeedBatches batches = SeedBatches.of(TestGraphs.dataset(GRAPH), 100, 1);
    for (int batch = 0; batch < 100; batch++) {
      for (int seed : batches.seeds(batch)) {
        assertTrue(GRAPH.degree(seed) > 0);
        seen.add(seed);
      }
    }
    Set<Integer> all = new TreeSet<>();
    for (int v = 0; v < GRAPH.numNodes(); v++) {
      if (GRAPH.degree(v) > 0) {
        all.add(v);
      }
    }
    assertEquals(all, seen);
  }

  @Test
  void takesTrainNodesWhereThereAreSome() {
    int[] train = {3, 5, 9, 11, 200};
    GraphDataset data = GraphDataset.builder("random", GRAPH).split(Split.TRAIN, train).build();
    for (int seed : SeedBatches.of(data, 100, 1).seeds(0)) {
      assertTrue(Arrays.binarySearch(train, seed) >= 0);
    }
  }

  @Test
  void followFromSeedAndNumber() {
    GraphDataset data = TestGraphs.dataset(GRAPH);
    int[] seeds = SeedBatches.of(data, 20, 1).seeds(7);

    assertArrayEquals(seeds, SeedBatches.of(data, 20, 1).seeds(7));
    assertTrue(!Arrays.equals(seeds, SeedBatches.of(data, 20, 1).seeds(8)));
    assertTrue(!Arrays.equals(seeds, SeedBatches.of(data, 20, 2).seeds(7)));
  }

  @Test
  void rejectsAGraphWithoutEdges() {
    GraphDataset data = TestGraphs.dataset(CsrGraph.of(new long[11], new int[0]));

    assertThrows(BadInputException.class, () -> SeedBatches.of(data, 20, 1));
  }
}
