package io.millrace.sampler;

import static io.millrace.sampler.DrawLaws.builder;
import static io.millrace.sampler.DrawLaws.inclusion;
import static io.millrace.sampler.DrawLaws.oneRow;
import static io.millrace.sampler.DrawLaws.ranks;
import static io.millrace.sampler.DrawLaws.rowSubset;
import static io.millrace.sampler.DrawLaws.seed;
import static io.millrace.sampler.DrawLaws.subset;
import static io.millrace.sampler.DrawLaws.subsets;
import static io.millrace.sampler.DrawLaws.twoRows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.sampler.draw.ChiSquare;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the draws of a row must be distributed like; the seeds are fixed, so no test is flaky. */
class DrawLawTest {
  private static final int ROUNDS = 200_000;

  /** In every build. */
  private static final int FEWER_ROUNDS = 50_000;

  private static final float[] SIX = {1, 2, 3, 4, 0, 10};

  /** Probabilities of successive sampling, by recursion over subsets. */
  @Test
  @Tag("exhaustive")
  void includesEdgesByWeightAsSuccessiveSamplingDoes() {
    assertInclusion(new float[] {.7f, .2f, .1f}, 2, .9527778, .6888889, .3583333);
    assertInclusion(new float[] {1, 2, 3, 4}, 2, .2345238, .4412698, .6083333, .7158730);
    assertInclusion(new float[] {1, 2, 3, 4}, 3, .4488095, .7587302, .8702381, .9222222);
    assertInclusion(SIX, 3, .246, .458, .625, .732, 0, .940);
  }

  private static void assertInclusion(float[] weights, int k, double... expected) {
    double[] exact = inclusion(weights, k);
    long[] counts = new long[weights.length];
    for (Draw draw : List.of(Draw.weighted(), Draw.weightedEstimate())) {
      NeighborSampler sampler = oneRow(draw, weights, k);
      for (int round = 0; round < ROUNDS / 2; round++) {
        ranks(sampler.sample(new int[] {0}, seed(round))).forEach(rank -> counts[rank]++);
      }
    }
    for (int i = 0; i < weights.length; i++) {
      assertEquals(expected[i], exact[i], weights == SIX ? 6e-4 : 6e-6, "the constant");
      double sd = Math.sqrt(ROUNDS * exact[i] * (1 - exact[i]));
      assertTrue(
          Math.abs(counts[i] - ROUNDS * exact[i]) <= 4.5 * sd,
          Arrays.toString(weights) + ", k=" + k + ": edge=" + i + ", drawn=" + counts[i]);
    }
  }

  @Test
  void drawsEverySubsetByWeightWithItsProbability() {
    assertSubsets(FEWER_ROUNDS, Draw.weighted(), SIX, 3);
    assertSubsets(FEWER_ROUNDS, Draw.weightedEstimate(), SIX, 2);
    assertSubsets(FEWER_ROUNDS, Draw.weighted(), new float[] {1e-3f, 1, 1e3f, 5, 2e-2f}, 2);
  }

  @Test
  @Tag("exhaustive")
  void equalWeightsAndLaborAreUniformInOneRow() {
    assertSubsets(ROUNDS, Draw.uniform(), new float[] {1, 1, 1, 1, 1, 1}, 3);
    assertSubsets(ROUNDS, Draw.weighted(), new float[] {3, 3, 3, 3, 3, 3}, 3);
    assertSubsets(ROUNDS, Draw.labor(), new float[] {1, 1, 1, 1, 1, 1}, 3);
    assertSubsets(ROUNDS, new Draw.Labor(true), new float[] {1, 1, 1, 1, 1}, 2);
  }

  private static void assertSubsets(int rounds, Draw draw, float[] weights, int k) {
    NeighborSampler sampler = oneRow(draw, weights, k);
    double[] counts = new double[1 << weights.length];
    for (int round = 0; round < rounds; round++) {
      counts[subset(sampler.sample(new int[] {0}, seed(round)))]++;
    }
    assertLaw(subsets(weights, k), counts, draw + " " + Arrays.toString(weights) + ", k=" + k);
  }

  private static void assertLaw(double[] law, double[] counts, String what) {
    double rounds = Arrays.stream(counts).sum();
    double chiSquare = 0;
    int cells = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      double expected = rounds * law[cell];
      if (expected == 0) {
        assertEquals(0, counts[cell], what + ": impossible cell=" + cell);
      } else {
        chiSquare += (counts[cell] - expected) * (counts[cell] - expected) / expected;
        cells++;
      }
    }
    if (cells > 1) {
      ChiSquare.assertBelowCritical(chiSquare, cells - 1, what);
    }
  }

  @Test
  void drawsWithReplacementInProportionToTheWeights() {
    double[] law = {.05, .1, .15, .2, 0, .5};
    NeighborSampler sampler = oneRow(Draw.weightedWithReplacement(), SIX, 3);
    double[] counts = new double[6];
    double[] pairs = new double[36];
    double[] pairLaw = new double[36];
    for (int round = 0; round < FEWER_ROUNDS; round++) {
      int[] drawn = ranks(sampler.sample(new int[] {0}, seed(round))).toArray();
      assertEquals(3, drawn.length);
      Arrays.stream(drawn).forEach(rank -> counts[rank]++);
      pairs[6 * drawn[0] + drawn[1]]++;
    }
    for (int i = 0; i < 36; i++) {
      pairLaw[i] = law[i / 6] * law[i % 6];
    }
    assertLaw(law, counts, "draws");
    assertLaw(pairLaw, pairs, "pairs of draws");
  }

  @Test
  void aHubOfAThousandEdgesIsDrawnFromByWeight() {
    Random random = new Random(5);
    float[] weights = new float[1000];
    for (int i = 0; i < 1000; i++) {
      weights[i] = i % 7 == 0 ? 0 : (float) Math.exp(2 * random.nextGaussian());
    }
    weights[500] = 3000;
    double sum = IntStream.range(0, 1000).mapToDouble(i -> weights[i]).sum();
    NeighborSampler alias = oneRow(Draw.weightedWithReplacement(), weights, 50);
    NeighborSampler smallest = oneRow(Draw.weighted(), weights, 50);
    long[] drawn = new long[1000];
    long[] included = new long[1000];
    long[] reference = new long[1000];
    int rounds = 6_000;
    for (int round = 0; round < rounds; round++) {
      ranks(alias.sample(new int[] {0}, seed(round))).forEach(rank -> drawn[rank]++);
      ranks(smallest.sample(new int[] {0}, seed(round))).forEach(rank -> included[rank]++);
      successive(weights, sum, 50, random, reference);
    }
    for (int i = 0; i < 1000; i++) {
      double p = weights[i] / sum;
      double n = 50.0 * rounds;
      assertTrue(Math.abs(drawn[i] - n * p) <= 4.5 * Math.sqrt(n * p * (1 - p)), "edge=" + i);
      double q = (included[i] + reference[i]) / (2.0 * rounds);
      double sd = Math.sqrt(2 * rounds * q * (1 - q));
      assertTrue(Math.abs(included[i] - reference[i]) <= 4.5 * sd, "edge=" + i);
    }
  }

  /** Draws one after the other, again if an edge was drawn before. */
  private static void successive(
      float[] weights, double sum, int k, Random random, long[] included) {
    double[] sums = new double[weights.length];
    double sumSoFar = 0;
    for (int i = 0; i < weights.length; i++) {
      sumSoFar += weights[i];
      sums[i] = sumSoFar;
    }
    BitSet drawn = new BitSet();
    while (drawn.cardinality() < k) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sum);
      int rank = at >= 0 ? at + 1 : -at - 1;
      if (weights[rank] > 0 && !drawn.get(rank)) {
        drawn.set(rank);
        included[rank]++;
      }
    }
  }

  /** Truth 37: the sum of weight times x. Its standard error at so many rounds is .04. */
  @Test
  void theScaleMakesTheSumUnbiased() {
    double[] x = {3, -1, 2, 5, 7, 1};
    NeighborSampler sampler = oneRow(Draw.weightedEstimate(), SIX, 3);
    double sum = 0;
    double squares = 0;
    double ratio = 0;
    for (int round = 0; round < FEWER_ROUNDS; round++) {
      MfgLayer layer = sampler.sample(new int[] {0}, seed(round)).layer(0);
      double estimate = 0;
      double scales = 0;
      for (int e = 0; e < layer.numEdges(); e++) {
        estimate += layer.scale()[e] * x[(int) layer.positions()[e]];
        scales += layer.scale()[e];
      }
      sum += estimate;
      squares += estimate * estimate;
      ratio += 20 * estimate / scales;
    }
    double mean = sum / FEWER_ROUNDS;
    double sd = Math.sqrt(squares / FEWER_ROUNDS - mean * mean);
    assertTrue(Math.abs(mean - 37) < 4.5 * sd / Math.sqrt(FEWER_ROUNDS), "mean=" + mean);
    assertEquals(18, sd, 1);
    assertEquals(36.78, ratio / FEWER_ROUNDS, .15);
  }

  @Test
  void theScaleIsTheWeightWhereNothingIsLeftOut() {
    for (int k : new int[] {5, 6, 40, Fanout.ALL}) {
      MfgLayer layer = oneRow(Draw.weightedEstimate(), SIX, k).sample(new int[] {0}, 1).layer(0);
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 10}, Arrays.copyOf(layer.scale(), layer.numEdges()));
    }
  }

  /** Two rows of equal edges, two hops, two batches: nothing may be in common. */
  @Test
  @Tag("exhaustive")
  void nodesHopsAndBatchesAreDrawnIndependently() {
    for (Draw draw : DrawLaws.UNTIMED) {
      boolean labor = draw instanceof Draw.Labor;
      boolean dependent = draw instanceof Draw.Labor(boolean value) && value;
      NeighborSampler sampler =
          builder(twoRows(4), new float[] {1, 2, 3, 4, 1, 2, 3, 4}, draw, Fanout.of(2, 2)).build();
      if (!labor) {
        assertIndependent(seed -> pair(sampler, seed, 1, 0, 1), draw + ": two nodes of a hop");
        assertIndependent(seed -> pair(sampler, seed, 0, 0, 1), draw + ": two nodes of a hop");
      }
      if (!dependent) {
        assertIndependent(
            seed -> {
              SampledBatch batch = sampler.sample(new int[] {0, 1}, seed);
              return 16 * rowSubset(batch.layer(0), 0) + rowSubset(batch.layer(1), 0);
            },
            draw + ": two hops");
      }
      assertIndependent(
          seed ->
              16 * rowSubset(sampler.sample(new int[] {0, 1}, seed).layer(0), 0)
                  + rowSubset(sampler.sample(new int[] {0, 1}, ~seed).layer(0), 0),
          draw + ": two batches");
    }
  }

  private static int pair(NeighborSampler sampler, long seed, int layer, int row, int other) {
    SampledBatch batch = sampler.sample(new int[] {0, 1}, seed);
    return 16 * rowSubset(batch.layer(layer), row) + rowSubset(batch.layer(layer), other);
  }

  private static void assertIndependent(LongFunction<Integer> pairOfSubsets, String what) {
    double[] counts = new double[256];
    double[] first = new double[16];
    double[] second = new double[16];
    int rounds = 40_000;
    for (int round = 0; round < rounds; round++) {
      int pair = pairOfSubsets.apply(seed(round));
      counts[pair]++;
      first[pair / 16] += 1.0 / rounds;
      second[pair % 16] += 1.0 / rounds;
    }
    double chiSquare = 0;
    for (int pair = 0; pair < 256; pair++) {
      double expected = rounds * first[pair / 16] * second[pair % 16];
      if (expected > 0) {
        chiSquare += (counts[pair] - expected) * (counts[pair] - expected) / expected;
      }
    }
    double freedom = (numPositive(first) - 1.0) * (numPositive(second) - 1.0);
    ChiSquare.assertBelowCritical(chiSquare, freedom, what);
  }

  private static long numPositive(double[] values) {
    return Arrays.stream(values).filter(value -> value > 0).count();
  }

  @Test
  void laborDrawsTheSameSourcesForRowsThatHaveThem() {
    int[][] rows = new int[108][0];
    for (int v = 0; v < 8; v++) {
      rows[v] = IntStream.range(8, 108).toArray();
    }
    int[] seeds = IntStream.range(0, 8).toArray();
    NeighborSampler labor =
        NeighborSampler.builder(Graphs.ofRows(rows), Fanout.of(10)).draw(Draw.labor()).build();
    NeighborSampler plain = NeighborSampler.of(Graphs.ofRows(rows), Fanout.of(10));
    double plainSources = 0;
    for (int round = 0; round < 2000; round++) {
      assertEquals(18, labor.sample(seeds, seed(round)).numNodes());
      plainSources += (plain.sample(seeds, seed(round)).numNodes() - 8) / 2000.0;
    }
    assertEquals(100 * (1 - Math.pow(.9, 8)), plainSources, .3);
  }

  @Test
  void laborOfDependentLayersIsNested() {
    NeighborSampler sampler =
        NeighborSampler.builder(Graphs.star(1000), Fanout.of(10, 25))
            .draw(new Draw.Labor(true))
            .edgePositions(true)
            .build();
    for (int round = 0; round < 200; round++) {
      SampledBatch batch = sampler.sample(new int[] {0}, seed(round));
      MfgLayer outer = batch.layer(0);
      List<Long> wide = Arrays.stream(outer.positions(), 0, outer.indptr()[1]).boxed().toList();
      Arrays.stream(batch.layer(1).positions(), 0, 10).forEach(p -> assertTrue(wide.contains(p)));
    }
  }

  @Test
  void excludedEdgesLeaveTheLawOfTheOthers() {
    ExcludedRanks excluded = new ExcludedRanks();
    excluded.addRow(new int[] {0, 3, 5}, 3);
    float[] weights = {50, 1, 2, 9, 3, 7};
    for (Draw draw : DrawLaws.UNTIMED) {
      boolean replaces =
          draw.equals(Draw.withReplacement()) || draw.equals(Draw.weightedWithReplacement());
      NeighborSampler sampler = oneRow(draw, weights, replaces ? 1 : 2);
      double[] counts = new double[64];
      for (int round = 0; round < FEWER_ROUNDS / 4; round++) {
        counts[
            subset(
                sampler.sample(
                    new int[] {0}, Fanout.of(replaces ? 1 : 2), seed(round), excluded))]++;
      }
      float[] left =
          draw.needsWeights() ? new float[] {0, 1, 2, 0, 3, 0} : new float[] {0, 1, 1, 0, 1, 0};
      assertLaw(subsets(left, replaces ? 1 : 2), counts, draw + " with excluded edges");
    }
  }

  /** Rows that are drawn from by tables: the same law as short ones. */
  @Test
  @Tag("exhaustive")
  void longRowsAreDrawnFromByTheSameLaw() {
    assertLongRow(SIX, 3, new int[] {});
    assertLongRow(new float[] {5, 5, 5, 5, 5, 5}, 2, new int[] {});
    assertLongRow(new float[] {1e5f, 1, 2, 3, 0, 1}, 3, new int[] {}); // most draws are repeats
    assertLongRow(SIX, 2, new int[] {0, 5});
    assertLongRow(new float[] {1e7f, 1, 2, 3, 4, 5}, 2, new int[] {0}); // little is left
    assertLongRow(new float[] {0, 1, 2, 0, 0, 0}, 3, new int[] {});
  }

  private static void assertLongRow(float[] weights, int k, int[] without) {
    ExcludedRanks excluded = new ExcludedRanks();
    int[] ranks = Arrays.stream(without).map(i -> 100 * i).toArray();
    excluded.addRow(ranks, ranks.length);
    float[] left = weights.clone();
    Arrays.stream(without).forEach(i -> left[i] = 0);
    for (Draw draw : List.of(Draw.weighted(), Draw.weightedEstimate())) {
      NeighborSampler sampler = oneRow(draw, padded(weights), k);
      double[] counts = new double[64];
      for (int round = 0; round < ROUNDS / 4; round++) {
        SampledBatch batch = sampler.sample(new int[] {0}, Fanout.of(k), seed(round), excluded);
        counts[ranks(batch).map(rank -> 1 << rank / 100).reduce(0, (a, b) -> a | b)]++;
      }
      long positive = IntStream.range(0, 6).filter(i -> left[i] > 0).count();
      int drawn = (int) Math.min(k, positive);
      assertLaw(subsets(left, drawn), counts, draw + " of a long row " + Arrays.toString(left));
    }
  }

  /** 600 weights of which six are not 0. */
  private static float[] padded(float[] weights) {
    float[] padded = new float[600];
    for (int i = 0; i < 6; i++) {
      padded[100 * i] = weights[i];
    }
    return padded;
  }

  @Test
  @Tag("exhaustive")
  void theScaleOfLongRowsMakesTheSumUnbiased() {
    assertUnbiased(SIX, 37);
    assertUnbiased(new float[] {1e5f, 1, 2, 3, 0, 1}, 3 * 1e5 - 1 + 4 + 15 + 1);
  }

  private static void assertUnbiased(float[] weights, double truth) {
    double[] x = {3, -1, 2, 5, 7, 1};
    NeighborSampler sampler = oneRow(Draw.weightedEstimate(), padded(weights), 3);
    double sum = 0;
    double squares = 0;
    for (int round = 0; round < ROUNDS; round++) {
      MfgLayer layer = sampler.sample(new int[] {0}, seed(round)).layer(0);
      double estimate = 0;
      for (int e = 0; e < layer.numEdges(); e++) {
        estimate += layer.scale()[e] * x[(int) layer.positions()[e] / 100];
      }
      sum += estimate - truth;
      squares += (estimate - truth) * (estimate - truth);
    }
    double sd = Math.sqrt(squares / ROUNDS);
    assertTrue(Math.abs(sum / ROUNDS) < 4.5 * sd / Math.sqrt(ROUNDS), "off by " + sum / ROUNDS);
  }
}
