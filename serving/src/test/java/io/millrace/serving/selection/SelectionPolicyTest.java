package io.millrace.serving.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectionPolicyTest {
  private static final double[] LOSSES = {0.1, 0.4, 0.6};
  private static final int ROUNDS = 5000;

  @Test
  void ensembleFollowsTheModelThatIsRight() {
    ModelWeights weights = new ModelWeights(3, 0);
    double[] right = new double[6];
    for (int i = 0; i < right.length; i++) {
      right[i] = weights.values()[0];
      SelectionPolicy.EXP4.learn(weights, new double[] {0, 1, 1}, 0.5);
    }
    assertArrayEquals(new double[] {1 / 3.0, .452, .576, .691, .787, .859}, right, 5e-4);
  }

  @Test
  void missingModelKeepsItsShareOfTheOthers() {
    ModelWeights weights = new ModelWeights(3, 0);
    SelectionPolicy.EXP4.learn(weights, new double[] {1, Double.NaN, 1}, 0.5);
    double[] values = weights.values();
    assertEquals(values[0], values[2], 1e-12);
    assertTrue(values[1] > values[0]);
  }

  @Test
  void exp3FindsTheBestModel() {
    for (long seed = 0; seed < 5; seed++) {
      ModelWeights weights = new ModelWeights(3, 0);
      double mean = play(weights, ROUNDS, false, new Random(seed));
      assertTrue(weights.values()[0] > 0.95, Arrays.toString(weights.values()));
      assertTrue(mean < 0.14, "mean loss " + mean);
    }
  }

  @Test
  void fixedShareFindsTheNewBestModelAfterASwap() {
    for (long seed = 0; seed < 5; seed++) {
      ModelWeights weights = new ModelWeights(3, ModelWeights.SHARE);
      double mean = play(weights, ROUNDS, true, new Random(seed));
      assertTrue(mean > 0.12 && mean < 0.16, "mean loss " + mean);
      assertTrue(weights.values()[2] > 0.8, Arrays.toString(weights.values()));
    }
  }

  private static double play(ModelWeights weights, int rounds, boolean swap, Random random) {
    double sum = 0;
    for (int round = 0; round < rounds; round++) {
      int drawn = SelectionPolicy.EXP3.choose(weights.values(), random).nextSetBit(0);
      int kind = swap && round >= rounds / 2 ? 2 - drawn : drawn;
      double loss = random.nextDouble() < LOSSES[kind] ? 1 : 0;
      double[] losses = {Double.NaN, Double.NaN, Double.NaN};
      losses[drawn] = loss;
      SelectionPolicy.EXP3.learn(weights, losses, 0.05);
      sum += loss;
    }
    return sum / rounds;
  }

  @Test
  void weightsStayFiniteAfterManyLosses() {
    ModelWeights weights = new ModelWeights(2, ModelWeights.SHARE);
    for (int i = 0; i < 100_000; i++) {
      SelectionPolicy.EXP3.learn(weights, new double[] {1, Double.NaN}, 0.5);
    }
    assertEquals(1, Arrays.stream(weights.values()).sum(), 1e-9);
    assertTrue(weights.values()[0] >= 0.0004, Arrays.toString(weights.values()));
  }
}
