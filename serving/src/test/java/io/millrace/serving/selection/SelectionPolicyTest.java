package io.millrace.serving.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectionPolicyTest {
  private static final double[] LOSSES = {0.1, 0.4, 0.6};
  private static final double[] CERTAIN = {1, 1, 1};
  private static final int ROUNDS = 5000;

  @Test
  void ensembleFollowsTheModelThatIsRight() {
    ModelWeights weights = new ModelWeights(3, 0);
    double[] right = new double[6];
    for (int i = 0; i < right.length; i++) {
      right[i] = weights.values()[0];
      weights.learn(new double[] {0, 1, 1}, CERTAIN, SelectionPolicy.EXP4.eta());
    }
    assertArrayEquals(new double[] {1 / 3.0, .452, .576, .691, .787, .859}, right, 5e-4);
  }

  @Test
  void missingModelKeepsItsShareOfTheOthers() {
    ModelWeights weights = new ModelWeights(3, 0);
    weights.learn(new double[] {1, Double.NaN, 1}, CERTAIN, 0.5);
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
      weights.learn(
          losses, SelectionPolicy.EXP3.chances(weights.values()), SelectionPolicy.EXP3.eta());
      sum += loss;
    }
    return sum / rounds;
  }

  @Test
  void weightsStayFiniteAfterManyLosses() {
    ModelWeights weights = new ModelWeights(2, ModelWeights.SHARE);
    for (int i = 0; i < 100_000; i++) {
      weights.learn(new double[] {1, Double.NaN}, weights.values(), 0.5);
    }
    assertEquals(1, Arrays.stream(weights.values()).sum(), 1e-9);
    assertTrue(weights.values()[0] >= 0.0004, Arrays.toString(weights.values()));
  }

  /** Feedback comes 50 answers later, when the weights are others. */
  @Test
  void exp3DividesTheLossByTheChanceOfTheDrawHoweverLateTheFeedbackIs() {
    for (long seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      ModelWeights weights = new ModelWeights(3, ModelWeights.SHARE);
      DrawnAnswers answers = new DrawnAnswers(1_000_000);
      Deque<String> waiting = new ArrayDeque<>();
      for (int round = 0; round < ROUNDS; round++) {
        double[] chances = SelectionPolicy.EXP3.chances(weights.values());
        int drawn = SelectionPolicy.EXP3.choose(weights.values(), random).nextSetBit(0);
        waiting.add(answers.keep(new DrawnAnswers.Drawn(drawn, chances[drawn], new int[1])));
        if (waiting.size() > 50) {
          String id = waiting.remove();
          DrawnAnswers.Drawn answer = answers.find(id).orElseThrow();
          assertTrue(answers.take(id));
          assertFalse(answers.take(id), "an answer is judged once");
          double[] losses = {Double.NaN, Double.NaN, Double.NaN};
          losses[answer.model()] = random.nextDouble() < LOSSES[answer.model()] ? 1 : 0;
          double[] then = new double[3];
          then[answer.model()] = answer.chance();
          weights.learn(losses, then, SelectionPolicy.EXP3.eta());
        }
      }
      assertTrue(weights.values()[0] > 0.9, Arrays.toString(weights.values()));
    }
  }

  @Test
  void oldestDrawsAreForgotten() {
    DrawnAnswers answers = new DrawnAnswers(10 * 51);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ids.add(answers.keep(new DrawnAnswers.Drawn(0, 1, new int[1])));
      answers.find(ids.getFirst()); // that it is asked for does not keep it
    }
    for (int i = 0; i < 25; i++) {
      assertEquals(i >= 15, answers.find(ids.get(i)).isPresent(), "answer " + i);
    }
  }

  @Test
  void refusesASavedStateThatIsNone() {
    ModelWeights weights = new ModelWeights(2, ModelWeights.SHARE);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.5, 0, 2}) {
      assertThrows(IllegalArgumentException.class, () -> weights.restore(new double[] {0.5, bad}));
    }
    assertThrows(IllegalArgumentException.class, () -> weights.restore(new double[3]));
    weights.restore(new double[] {0.25, 0.75});
    assertArrayEquals(new double[] {0.25, 0.75}, weights.values(), 1e-12);
  }
}
