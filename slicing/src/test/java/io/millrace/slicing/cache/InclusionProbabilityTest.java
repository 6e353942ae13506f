package io.millrace.slicing.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InclusionProbabilityTest {
  private static CsrGraph graph(int[]... rows) {
    long[] indptr = new long[rows.length + 1];
    for (int v = 0; v < rows.length; v++) {
      indptr[v + 1] = indptr[v] + rows[v].length;
    }
    return CsrGraph.of(indptr, Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
  }

  private static float[] probability(CsrGraph graph, int[] seeds, int batchSize, int... fanout) {
    return InclusionProbability.of(graph, seeds, batchSize, Fanout.of(fanout));
  }

  @Test
  void aSeedDrawsAnewInEachHop() {
    CsrGraph tree = graph(new int[][] {{1, 2}, {3, 4}, {5, 6}, {}, {}, {}, {}});
    assertArrayEquals(
        new float[] {1, .75f, .75f, .25f, .25f, .25f, .25f},
        probability(tree, new int[] {0}, 1, 1, 1),
        1e-7f);
  }

  @Test
  void countsHowProbablyTheSeedIsInTheBatch() {
    CsrGraph star = graph(new int[][] {{1, 2, 3, 4}, {}, {}, {}, {}, {}});
    assertArrayEquals(
        new float[] {.5f, .25f, .25f, .25f, .25f, .5f},
        probability(star, new int[] {0, 5}, 1, 2),
        1e-7f);
  }

  @Test
  void takesTheSeedsOfABatchAsIndependent() {
    CsrGraph shared = graph(new int[][] {{2, 3}, {2, 4}, {}, {}, {}});
    int[] seeds = {0, 1};
    assertEquals(.75f, probability(shared, seeds, 2, 1)[2], 1e-7f);
    assertEquals(.4375f, probability(shared, seeds, 1, 1)[2], 1e-7f, "in truth .5");
  }

  @Test
  void aNodeThatIsAlwaysDrawnIsCertain() {
    CsrGraph chain = graph(new int[][] {{1}, {2, 2}, {1}, {0}});
    for (int fanout : new int[] {Fanout.ALL, 2}) {
      assertArrayEquals(
          new float[] {1, 1, 1, 0},
          probability(chain, new int[] {0}, 1, fanout, fanout, fanout),
          "fanout " + fanout);
    }
  }

  @Test
  void withoutHopsABatchHasItsSeedsOnly() {
    CsrGraph chain = graph(new int[][] {{1}, {2}, {}});
    assertArrayEquals(new float[] {1, 0, 1}, probability(chain, new int[] {0, 2}, 8));
  }

  /**
   * A tree in which each node aggregates from its children; the frequencies are of real batches.
   */
  @Test
  void isTheFrequencyInRealBatchesOfATree() {
    int numNodes = 121;
    int[][] rows = new int[numNodes][];
    for (int v = 0; v < numNodes; v++) {
      int first = 3 * v + 1;
      rows[v] = first < numNodes ? new int[] {first, first + 1, first + 2} : new int[0];
    }
    CsrGraph tree = graph(rows);
    Fanout fanout = Fanout.of(2, 1, 2);
    int[] seeds = {0};
    float[] expected = InclusionProbability.of(tree, seeds, 1, fanout);
    int numBatches = 4000;
    int[] counts = new int[numNodes];
    NeighborSampler sampler = NeighborSampler.of(tree, fanout);
    EpochPlan plan = EpochPlan.of(seeds, 1, 3);
    for (int epoch = 0; epoch < numBatches; epoch++) {
      SampledBatch batch = sampler.sample(seeds, plan.epoch(epoch).batchSeed(0));
      for (int i = 0; i < batch.numNodes(); i++) {
        counts[batch.nodes()[i]]++;
      }
    }
    for (int v = 0; v < numNodes; v++) {
      double p = expected[v];
      double bound = 5 * Math.sqrt(p * (1 - p) / numBatches);
      assertEquals(p, (double) counts[v] / numBatches, bound + 1e-9, "node " + v);
    }
  }

  @Test
  void probabilitiesOfADenseGraphStayBetweenZeroAndOne() {
    Random random = new Random(4);
    int[][] rows = new int[200][];
    for (int v = 0; v < rows.length; v++) {
      rows[v] = random.ints(random.nextInt(60), 0, rows.length).toArray();
    }
    for (float p : probability(graph(rows), new int[] {3, 9, 27}, 2, 20, 10, Fanout.ALL)) {
      assertEquals(Math.clamp(p, 0f, 1f), p);
    }
  }
}
