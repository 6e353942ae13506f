package io.millrace.sampler.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DistinctDrawTest {
  private final DistinctDraw draw = new DistinctDraw();

  @Test
  void drawsDistinctNumbersInRange() {
    for (int n : new int[] {1, 2, 5, 33, 64, 65, 1000, 100_000}) {
      for (int k : new int[] {1, 2, 5, 31, 32, 33, 64, 500, 50_000}) {
        if (k <= n) {
          long[] out = new long[k + 2];
          draw.draw(7, n, k, 1L << 40, out, 1);
          long[] sorted = Arrays.stream(out, 1, k + 1).map(p -> p - (1L << 40)).sorted().toArray();
          assertEquals(k, Arrays.stream(sorted).distinct().count(), "n=" + n + ", k=" + k);
          assertTrue(sorted[0] >= 0 && sorted[k - 1] < n, "n=" + n + ", k=" + k);
          assertTrue(out[0] == 0 && out[k + 1] == 0, "wrote outside its range");
        }
      }
    }
  }

  @Test
  void reachesTheLastNeighborOfTwo() {
    assertUniformSubsets(2, 1, 20_000);
  }

  @Test
  void drawsEverySubsetEquallyOftenByFilter() {
    assertUniformSubsets(6, 3, 60_000);
    assertUniformSubsets(20, 1, 40_000);
    assertUniformSubsets(7, 6, 40_000);
  }

  @Test
  void includesEveryNumberEquallyOftenByFilterAndByBitmap() {
    assertUniformInclusion(20, 5, 40_000);
    assertUniformInclusion(68, 7, 100_000);
    assertUniformInclusion(100, 20, 50_000);
    assertUniformInclusion(40, 32, 20_000);
    assertUniformInclusion(40, 33, 20_000);
    assertUniformInclusion(300, 100, 8_000);
  }

  @Test
  @Tag("exhaustive")
  void includesEveryNumberEquallyOftenForManyDegreesAndFanouts() {
    for (int n = 2; n <= 70; n += 3) {
      for (int k = 1; k < n; k += 2) {
        assertUniformInclusion(n, k, 100_000);
      }
    }
  }

  /** Chi-square over all subsets of size k. */
  private void assertUniformSubsets(int n, int k, int rounds) {
    Map<String, Integer> counts = new HashMap<>();
    for (int round = 0; round < rounds; round++) {
      counts.merge(Arrays.toString(sorted(round, n, k)), 1, Integer::sum);
    }
    double numSubsets = 1;
    for (int i = 0; i < k; i++) {
      numSubsets = numSubsets * (n - i) / (i + 1);
    }
    double expected = rounds / numSubsets;
    double chiSquare = (numSubsets - counts.size()) * expected;
    for (int count : counts.values()) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    ChiSquare.assertBelowCritical(chiSquare, numSubsets - 1, "subsets of size " + k + " of " + n);
  }

  /**
   * Chi-square of how often each number is included. The inclusions of a round are not independent:
   * their number is fixed at k, which shrinks each variance to p (1 - p) and ties the n counts by
   * one equation, so the sum of squares over {@code rounds * p * (1 - p) * n / (n - 1)} has n - 1
   * degrees of freedom.
   */
  private void assertUniformInclusion(int n, int k, int rounds) {
    long[] counts = new long[n];
    for (int round = 0; round < rounds; round++) {
      for (long drawn : sorted(round, n, k)) {
        counts[(int) drawn]++;
      }
    }
    double p = (double) k / n;
    double scale = rounds * p * (1 - p) * n / (n - 1);
    double chiSquare = 0;
    for (long count : counts) {
      chiSquare += (count - rounds * p) * (count - rounds * p) / scale;
    }
    ChiSquare.assertBelowCritical(chiSquare, n - 1, "inclusion of " + k + " of " + n);
  }

  private long[] sorted(int round, int n, int k) {
    long[] out = new long[k];
    draw.draw(BatchRandom.key(n * 1000L + k, round), n, k, 0, out, 0);
    Arrays.sort(out);
    return out;
  }
}
