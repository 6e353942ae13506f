package io.millrace.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RocAucTest {
  @Test
  void isTheShareOfPairsInTheRightOrder() {
    // scikit-learn's example: of four pairs three are in order
    assertAuc(0.75, new float[] {0.1f, 0.4f, 0.35f, 0.8f}, false, false, true, true);
    assertAuc(1, new float[] {-3, -2, -1, 7}, false, false, true, true);
    assertAuc(0, new float[] {-3, -2, -1, 7}, true, true, true, false);
  }

  @Test
  void aTieCountsHalf() {
    assertAuc(0.5, new float[] {2, 2, 2}, true, false, false);
    assertAuc(0.75, new float[] {1, 1, 0}, true, false, false);
    assertAuc(0.5, new float[] {-0f, 0f}, true, false);
  }

  @Test
  void infinitiesAreTheEnds() {
    assertAuc(
        1,
        new float[] {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, Float.POSITIVE_INFINITY},
        false,
        true,
        true);
  }

  @Test
  void agreesWithAllPairsLookedAtOneByOne() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int size = 2 + random.nextInt(60);
      float[] scores = new float[size];
      boolean[] positive = new boolean[size];
      for (int i = 0; i < size; i++) {
        scores[i] = seed % 2 == 0 ? (float) random.nextGaussian() : random.nextInt(5) - 2;
        positive[i] = i == 0 || i != 1 && random.nextInt(3) == 0;
      }
      assertEquals(pairs(scores, positive), auc(scores, positive), 1e-12, "seed " + seed);
    }
  }

  private static double pairs(float[] scores, boolean[] positive) {
    double wins = 0;
    long pairs = 0;
    for (int p = 0; p < scores.length; p++) {
      for (int n = 0; n < scores.length; n++) {
        if (positive[p] && !positive[n]) {
          pairs++;
          wins += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
        }
      }
    }
    return wins / pairs;
  }

  @Test
  void isNotDefinedWithoutBothAnswers() {
    assertTrue(new RocAuc().value().isEmpty());
    RocAuc onlyPositives = new RocAuc();
    onlyPositives.add(1, true);
    assertTrue(onlyPositives.value().isEmpty());
    RocAuc onlyNegatives = new RocAuc();
    onlyNegatives.add(1, false);
    assertTrue(onlyNegatives.value().isEmpty());
  }

  @Test
  void holdsMoreScoresThanItHasRoomForAtFirst() {
    RocAuc auc = new RocAuc();
    for (int i = 0; i < 10_000; i++) {
      auc.add(i, i >= 2_000);
    }
    assertEquals(1, auc.value().orElseThrow());
  }

  private static void assertAuc(double expected, float[] scores, boolean... positive) {
    assertEquals(expected, auc(scores, positive));
  }

  private static double auc(float[] scores, boolean[] positive) {
    RocAuc auc = new RocAuc();
    for (int i = 0; i < scores.length; i++) {
      auc.add(scores[i], positive[i]);
    }
    return auc.value().orElseThrow();
  }
}
