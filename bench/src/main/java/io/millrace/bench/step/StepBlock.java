package io.millrace.bench.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.MfgTensors;
import java.util.ArrayList;
import java.util.List;

/** GraphSAGE with a choice of how its means are formed, and nothing between its layers but ReLU. */
final class StepBlock extends GraphBlock {
  private final MeanVariant mean;
  private final List<Linear> neighbor = new ArrayList<>();
  private final List<Linear> self = new ArrayList<>();

  StepBlock(MeanVariant mean, int numLayers, int... widths) {
    super(numLayers, widths);
    this.mean = mean;
    for (int l = 0; l < numLayers; l++) {
      neighbor.add(linear("neighbor" + l, l, true));
      self.add(linear("self" + l, l, false));
    }
  }

  private Linear linear(String name, int layer, boolean bias) {
    Linear linear = Linear.builder().setUnits(stateDim(layer + 1)).optBias(bias).build();
    return child(name, linear, stateDim(layer));
  }

  @Override
  protected NDArray layer(int layer, NDArray h, MfgTensors edges, ForwardPass pass) {
    NDArray z =
        forward(neighbor.get(layer), mean.of(h, edges), pass)
            .add(forward(self.get(layer), edges.destinations(h), pass));
    return layer < numLayers() - 1 ? Activation.relu(z) : z;
  }

  private static NDArray forward(Linear linear, NDArray x, ForwardPass pass) {
    return linear.forward(pass.store(), new NDList(x), pass.training()).head();
  }
}
