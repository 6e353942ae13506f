package io.millrace.training.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.millrace.training.torch.Scalars;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD does it without dampening.
 *
 * <p>With gradient g and velocity u, which starts at 0:
 *
 * <pre>
 *   g = g + decay * w     u = momentum * u + g     w = w - rate * u
 * </pre>
 *
 * The rate stands outside the velocity, so a change of the rate takes effect at once. Without
 * momentum nothing is remembered; else the velocity is named {@code momentum_buffer}, as in torch.
 */
final class SgdState extends OptimizerState {
  private final double momentum;
  private final double weightDecay;

  SgdState(
      NDManager manager, Map<String, NDArray> parameters, double momentum, double weightDecay) {
    super(manager, parameters, momentum == 0 ? new String[0] : new String[] {"momentum_buffer"});
    this.momentum = momentum;
    this.weightDecay = weightDecay;
  }

  @Override
  void move(PtNDArray parameter, PtNDArray gradient, List<NDArray> moments, double learningRate) {
    NDArray direction =
        weightDecay == 0
            ? gradient
            : gradient.add(parameter.mul(Scalars.like(parameter, weightDecay)));
    if (momentum > 0) {
      direction = moments.getFirst().muli(Scalars.like(parameter, momentum)).addi(direction);
    }
    parameter.subi(direction.mul(Scalars.like(parameter, learningRate)));
  }
}
