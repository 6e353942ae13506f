package io.millrace.sampler.draw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.CsrGraph;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Draws by the smallest keys, row by row, next to all keys of the row, sorted. */
class BottomKDrawTest {
  private static final int MAX_LENGTH = 5000;

  private final Random random = new Random(11);

  /** Node 0 has edges from random nodes, some of them parallel. */
  private CsrGraph star(int degree) {
    long[] indptr = new long[degree + 1];
    Arrays.fill(indptr, 1, indptr.length, degree);
    return CsrGraph.of(indptr, random.ints(degree, 0, degree).toArray());
  }

  /** So many rows that rough keys do not do for some. */
  @Test
  void manyShortRowsGiveTheSmallestKeys() {
    CsrGraph graph = star(50);
    for (double spread : new double[] {0, 0.5, 8}) {
      float[] weights = weights(50, spread, spread == 8 ? 3 : Integer.MAX_VALUE);
      RowDraw draw = weighted(graph, weights, spread > 0);
      for (int row = 0; row < 2500; row++) {
        assertSameRow(graph, draw, weights, spread > 0, 1 + random.nextInt(35), Set.of());
      }
    }
  }

  @Test
  void longRowsGiveTheSmallestKeys() {
    CsrGraph graph = star(MAX_LENGTH);
    for (double spread : new double[] {0, 0.5, 3, 40}) {
      float[] weights = weights(MAX_LENGTH, spread, 5);
      RowDraw draw = weighted(graph, weights, true);
      for (int k : new int[] {1, 7, 31, 32, 33, 200, MAX_LENGTH - 1}) {
        assertSameRow(graph, draw, weights, true, k, Set.of());
        assertSameRow(graph, draw, weights, true, k, someRanks(MAX_LENGTH));
      }
    }
  }

  @Test
  void laborGivesTheSmallestKeysOfRowsOfAllLengths() {
    for (int round = 0; round < 200; round++) {
      int n = 1 + (int) (Math.pow(random.nextDouble(), 3) * (MAX_LENGTH - 1));
      int k = 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
      CsrGraph graph = star(n);
      Draw kind = new Draw.Labor(random.nextBoolean());
      RowDraw draw = RowDraw.of(kind, Optional.of(graph), Optional.empty());
      long batchSeed = random.nextLong();
      Set<Integer> excluded = round % 3 == 0 ? someRanks(n) : Set.of();
      draw.begin(batchSeed, 2);
      List<ReferenceDraw.Edge> expected =
          new ReferenceDraw(graph, new float[0], kind).row(0, k, batchSeed, 2, excluded);
      long[] drawn = new long[Math.min(n, k)];
      int count = draw.drawExcept(5, n, k, 0, row(excluded), drawn, 0);
      assertArrayEquals(ranks(expected), Arrays.copyOf(drawn, count), "round=" + round);
    }
  }

  private void assertSameRow(
      CsrGraph graph,
      RowDraw draw,
      float[] weights,
      boolean estimate,
      int k,
      Set<Integer> excluded) {
    int n = weights.length;
    long key = random.nextLong();
    List<ReferenceDraw.Edge> expected =
        new ReferenceDraw(graph, weights, new Draw.Weighted(estimate))
            .row(key, 0, k, 0, 1, excluded);
    long[] drawn = new long[n];
    int count =
        excluded.isEmpty()
            ? draw.draw(key, n, k, 0, drawn, 0)
            : draw.drawExcept(key, n, k, 0, row(excluded), drawn, 0);
    String what = "n=" + n + ", k=" + k + ", key=" + key;
    assertArrayEquals(ranks(expected), Arrays.copyOf(drawn, count), what);
    if (estimate) {
      float[] scale = new float[count];
      draw.scale(drawn, 0, count, scale);
      for (int i = 0; i < count; i++) {
        assertEquals(expected.get(i).scale(), scale[i], what);
      }
    }
  }

  private static long[] ranks(List<ReferenceDraw.Edge> edges) {
    return edges.stream().mapToLong(ReferenceDraw.Edge::rank).toArray();
  }

  private static RowDraw weighted(CsrGraph graph, float[] weights, boolean estimate) {
    return RowDraw.ofParts(
        new Draw.Weighted(estimate),
        Optional.of(EdgeWeights.of(graph, MemorySegment.ofArray(weights))));
  }

  /** Log-normal; one of {@code zeros} is 0. */
  private float[] weights(int count, double spread, int zeros) {
    float[] weights = new float[count];
    for (int i = 0; i < weights.length; i++) {
      double weight = Math.min(Math.exp(spread * random.nextGaussian()), Float.MAX_VALUE);
      weights[i] = random.nextInt(zeros) == 0 ? 0 : (float) weight;
    }
    return weights;
  }

  private Set<Integer> someRanks(int n) {
    return new TreeSet<>(random.ints(20, 0, n).boxed().toList());
  }

  private static ExcludedRanks.Row row(Set<Integer> excluded) {
    ExcludedRanks ranks = new ExcludedRanks();
    ranks.addRow(excluded.stream().mapToInt(rank -> rank).toArray(), excluded.size());
    return ranks.row(0);
  }
}
