package io.millrace.datasets.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AliasTableTest {

  private static double[] shares(double[] weights, int numDraws) {
    AliasTable table = AliasTable.of(weights.clone());
    SplittableRandom random = new SplittableRandom(1);
    double[] shares = new double[weights.length];
    for (int i = 0; i < numDraws; i++) {
      shares[table.draw(random)] += 1.0 / numDraws;
    }
    return shares;
  }

  /** Chi-square with 49 degrees of freedom: above 85.4 once in a thousand seeds. */
  @Test
  void drawsInProportionToTheWeights() {
    Random random = new Random(4);
    double[] weights = new double[50];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.pow(random.nextDouble(), 4) + 0.001;
      sum += weights[i];
    }
    int numDraws = 2_000_000;
    double[] shares = shares(weights, numDraws);
    double chiSquare = 0;
    for (int i = 0; i < weights.length; i++) {
      double expected = numDraws * weights[i] / sum;
      double observed = numDraws * shares[i];
      chiSquare += (observed - expected) * (observed - expected) / expected;
    }
    assertTrue(chiSquare < 85.4, "chiSquare=" + chiSquare);
  }

  @Test
  void neverDrawsAWeightOfZero() {
    double[] shares = shares(new double[] {0, 3, 0, 0, 1, 0}, 100_000);
    assertEquals(0, shares[0] + shares[2] + shares[3] + shares[5]);
    assertEquals(0.75, shares[1], 0.01);
  }

  @Test
  void drawsEvenlyWhenAllWeightsAreZero() {
    double[] shares = shares(new double[4], 100_000);
    for (double share : shares) {
      assertEquals(0.25, share, 0.01);
    }
  }

  @Test
  void drawsTheOnlyNumber() {
    assertEquals(1.0, shares(new double[] {7}, 1000)[0], 1e-9);
  }
}
