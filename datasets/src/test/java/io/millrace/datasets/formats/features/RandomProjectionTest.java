package io.millrace.datasets.formats.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomProjectionTest {
  private static float[] project(int dim, long seed, float... row) {
    float[] reduced = new float[dim];
    new RandomProjection(dim, seed).apply(row, reduced);
    return reduced;
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void aSingleValueBecomesItsShareWithEitherSign() {
    float[] reduced = project(400, 3, 0, 0, 5);
    int positive = 0;
    for (float value : reduced) {
      assertEquals(5 / 20f, Math.abs(value), 1e-7);
      positive += value > 0 ? 1 : 0;
    }
    assertTrue(Math.abs(positive - 200) < 50, "5 deviations: " + positive);
    assertFalse(
        Arrays.equals(Arrays.copyOf(reduced, 64), Arrays.copyOfRange(reduced, 64, 128)),
        "each block has signs of its own");
  }

  @Test
  void isLinearAndKeepsZeros() {
    float[] sum = project(70, 9, 1, 2, -4);
    float[] first = project(70, 9, 1, 0, -4);
    float[] second = project(70, 9, 0, 2, 0);
    for (int i = 0; i < 70; i++) {
      assertEquals(sum[i], first[i] + second[i], 1e-6);
    }
    assertArrayEquals(new float[70], project(70, 9, 0, 0, 0));
  }

  @Test
  void followsFromItsSeed() {
    assertArrayEquals(project(64, 1, 1, 2, 3), project(64, 1, 1, 2, 3));
    assertFalse(Arrays.equals(project(64, 1, 1, 2, 3), project(64, 2, 1, 2, 3)));
  }

  /** A scalar product is off by some 1 / sqrt(dim) of the lengths, and by nothing on average. */
  @Test
  void keepsLengthsAndScalarProducts() {
    long seed = 20;
    Random random = new Random(seed);
    int dim = 128;
    int trials = 300;
    double mean = 0;
    double square = 0;
    for (int trial = 0; trial < trials; trial++) {
      float[] a = new float[1000];
      float[] b = new float[1000];
      for (int i = 0; i < 50; i++) {
        a[random.nextInt(1000)] = random.nextFloat();
        b[random.nextInt(1000)] = random.nextFloat();
        b[i] = a[i] = random.nextFloat();
      }
      double error =
          (product(project(dim, trial, a), project(dim, trial, b)) - product(a, b))
              / Math.sqrt(product(a, a) * product(b, b));
      mean += error / trials;
      square += error * error / trials;
    }
    double deviation = Math.sqrt(square) * Math.sqrt(dim);
    assertTrue(deviation > 0.7 && deviation < 1.5, "seed=" + seed + ", deviation=" + deviation);
    assertTrue(Math.abs(mean) < 5 / Math.sqrt(dim * trials), "seed=" + seed + ", mean=" + mean);
  }
}
