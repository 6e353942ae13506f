package io.millrace.slicing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On 64 communities of 400 nodes each, in which nine of ten neighbours are of the same one. */
class CachePlanTest {
  private static final int NUM_COMMUNITIES = 64;
  private static final int COMMUNITY = 400;
  private static final int NUM_NODES = NUM_COMMUNITIES * COMMUNITY;
  private static final int BATCH_SIZE = 128;
  private static final Fanout FANOUT = Fanout.of(4, 3);

  private final CsrGraph graph = communities();
  private final FeatureMatrix features = FeatureMatrix.of(2, new float[2 * NUM_NODES]);

  private static CsrGraph communities() {
    Random random = new Random(5);
    long[] indptr = new long[NUM_NODES + 1];
    int[] indices = new int[NUM_NODES * 12];
    for (int v = 0; v < NUM_NODES; v++) {
      for (int i = 0; i < 12; i++) {
        double skewed = Math.pow(random.nextDouble(), 3); // a few nodes occur in many rows
        int member = (int) (skewed * COMMUNITY);
        int community = random.nextInt(10) > 0 ? v / COMMUNITY : random.nextInt(NUM_COMMUNITIES);
        indices[12 * v + i] = community * COMMUNITY + member;
      }
      indptr[v + 1] = 12 * (v + 1);
    }
    return CsrGraph.of(indptr, indices);
  }

  private CachePlan plan(CacheRanking ranking, int[] seeds) {
    long tenth = CachedRows.indexBytes(NUM_NODES) + NUM_NODES / 10 * (long) features.rowBytes();
    CacheSettings settings = new CacheSettings(tenth, ranking);
    return CachePlan.of(settings, graph, features, seeds, BATCH_SIZE, FANOUT);
  }

  /** The share of the rows of real batches that is not cached. */
  private double missShare(CachePlan plan, int[] seeds) {
    NeighborSampler sampler = NeighborSampler.of(graph, FANOUT);
    EpochPlan epochs = EpochPlan.of(seeds, BATCH_SIZE, 7);
    long misses = 0;
    long all = 0;
    for (int number = 0; number < 40; number++) {
      EpochPlan.Epoch epoch = epochs.epoch(number);
      SampledBatch batch = sampler.sample(epoch.seeds(0), epoch.batchSeed(0));
      for (int i = 0; i < batch.numNodes(); i++) {
        misses += plan.rows().contains(batch.nodes()[i]) ? 0 : 1;
      }
      all += batch.numNodes();
    }
    return (double) misses / all;
  }

  private static int[] everyThirdOf(int numCommunities) {
    return IntStream.range(0, numCommunities * COMMUNITY).filter(v -> v % 3 == 0).toArray();
  }

  @Test
  void inclusionProbabilityMissesFewerRowsWhereTheTrainingNodesAreInAPartOfTheGraph() {
    for (int numCommunities : new int[] {1, 4}) {
      int[] seeds = everyThirdOf(numCommunities);
      double vip = missShare(plan(CacheRanking.VIP, seeds), seeds);
      double degree = missShare(plan(CacheRanking.DEGREE, seeds), seeds);
      assertTrue(vip <= .7 * degree, numCommunities + ": vip " + vip + ", degree " + degree);
    }
  }

  @Test
  void predictsTheHitShareOfEitherRanking() {
    for (int numCommunities : new int[] {1, 16, NUM_COMMUNITIES}) {
      int[] seeds = everyThirdOf(numCommunities);
      for (CacheRanking ranking : CacheRanking.values()) {
        CachePlan plan = plan(ranking, seeds);
        assertEquals(
            1 - missShare(plan, seeds),
            plan.predictedHitShare(),
            .02,
            ranking + " in " + numCommunities);
      }
    }
  }

  @Test
  void takesNoMoreThanItsSizeAndHoldsNoRowThatABatchNeverReads() {
    CachePlan full = plan(CacheRanking.VIP, everyThirdOf(4));
    assertEquals(NUM_NODES / 10, full.numRows());
    assertEquals(CachedRows.indexBytes(NUM_NODES) + 8L * full.numRows(), full.bytes());

    int[] seeds = {5, 6};
    CachePlan small =
        CachePlan.of(CacheSettings.of(1 << 30), graph, features, seeds, 1, Fanout.of());
    assertEquals(2, small.numRows());
    assertEquals(1, small.predictedHitShare());
  }
}
