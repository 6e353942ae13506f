package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import io.millrace.training.models.GraphSage;
import org.junit.jupiter.api.Test;

class RunningStatisticsTest {
  @Test
  void aStepLeavesTheMeanOfWhatEachVirtualNodeMakesOfThem() {
    try (Network network = new Network(GraphSage.of(1, 2).dropout(0), 2, 2, 1);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Parameter mean = parameter(network, Parameter.Type.RUNNING_MEAN);
      RunningStatistics statistics = network.runningStatistics();
      float[] made = {4, 8};
      float[] shares = {0.25f, 0.75f};
      for (int i = 0; i < made.length; i++) {
        RunningStatistics.View view = statistics.view();
        NDArray own = view.getValue(mean, Device.cpu(), true);
        assertEquals(0, own.getFloat(), "each begins where the step before has ended");
        own.addi(made[i]);
        statistics.add(view, shares[i]);
      }
      assertEquals(0, mean.getArray().toFloatArray()[0], "the step has not ended");
      statistics.apply();
      assertArrayEquals(new float[] {0.25f * 4 + 0.75f * 8}, mean.getArray().toFloatArray());
      assertArrayEquals(
          new float[] {1},
          parameter(network, Parameter.Type.RUNNING_VAR).getArray().toFloatArray());
    }
  }

  private static Parameter parameter(Network network, Parameter.Type type) {
    return network.parameters().stream()
        .filter(it -> it.getType() == type)
        .findFirst()
        .orElseThrow();
  }
}
