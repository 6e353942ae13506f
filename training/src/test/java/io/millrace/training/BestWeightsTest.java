package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.Network;
import org.junit.jupiter.api.Test;

class BestWeightsTest {
  @Test
  void keepsTheEarliestOfTheBest() {
    try (OpenResources _ = new OpenResources();
        Network network = new Network(Mlp.of(2, 1), 2, 2, 1);
        BestWeights best = new BestWeights(network, Metric.ACCURACY)) {
      assertTrue(best.offer(0, Figures.evaluation(0.5, 1, 10)));
      set(network, 1);
      assertTrue(best.offer(1, Figures.evaluation(0.8, 1, 10)));
      set(network, 2);
      assertFalse(best.offer(2, Figures.evaluation(0.8, 0.5, 10)));
      set(network, 3);
      assertFalse(best.offer(3, Figures.evaluation(0.7, 1, 10)));
      best.restore();
      assertArrayEquals(new float[] {1, 1}, bias(network));
      assertEquals(1, best.epoch());
      assertEquals(Figures.evaluation(0.8, 1, 10), best.valid());
    }
  }

  private static void set(Network network, float value) {
    try (NDList weights = network.copy()) {
      weights.get("linear.0.bias").set(new float[] {value, value});
      network.restore(weights);
    }
  }

  private static float[] bias(Network network) {
    try (NDList weights = network.copy()) {
      return weights.get("linear.0.bias").toFloatArray();
    }
  }
}
