package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/**
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1) with weight decay added to the gradient, as
 * torch.optim.Adam does; beta 0.9 and 0.999, epsilon 1e-8.
 *
 * <p>With gradient g, moments m and v, and t steps made:
 *
 * <pre>
 *   g = g + decay * w     m = b1 m + (1 - b1) g     v = b2 v + (1 - b2) g^2
 *   w = w - rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 * </pre>
 *
 * DJL's native update divides {@code m} by {@code sqrt(v) + eps}; multiplying numerator and
 * denominator by {@code sqrt(1 - b2^t)} gives the last line this form, so the corrections go into
 * the rate and into eps. Holds two arrays per parameter; {@link #close} frees them. One thread at a
 * time.
 */
final class Adam implements AutoCloseable {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final double EPS = 1e-8;
  private static final float NO_CLIPPING = -1;

  private final List<NDArray> parameters;
  private final List<NDArray> firstMoments;
  private final List<NDArray> secondMoments;
  private final double learningRate;
  private final double weightDecay;
  private int numSteps;

  Adam(NDManager manager, List<NDArray> parameters, double learningRate, double weightDecay) {
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    firstMoments = zeros(manager, parameters);
    secondMoments = zeros(manager, parameters);
  }

  private static List<NDArray> zeros(NDManager manager, List<NDArray> parameters) {
    return parameters.stream().map(p -> manager.zeros(p.getShape())).toList();
  }

  /** Moves the parameters against their gradients, and sets the gradients to zero. */
  void step() {
    numSteps++;
    double correction1 = 1 - Math.pow(BETA1, numSteps);
    double correction2 = Math.sqrt(1 - Math.pow(BETA2, numSteps));
    try (GradMode _ = GradMode.off()) {
      for (int i = 0; i < parameters.size(); i++) {
        PtNDArray parameter = (PtNDArray) parameters.get(i);
        try (PtNDArray gradient = parameter.getGradient()) {
          JniUtils.adamUpdate(
              parameter,
              gradient,
              (PtNDArray) firstMoments.get(i),
              (PtNDArray) secondMoments.get(i),
              (float) learningRate,
              (float) (learningRate * correction2 / correction1),
              (float) weightDecay,
              1,
              NO_CLIPPING,
              BETA1,
              BETA2,
              (float) (EPS * correction2),
              false);
        }
        JniUtils.zeroGrad(parameter);
      }
    }
  }

  /** Steps made so far. */
  int numSteps() {
    return numSteps;
  }

  @Override
  public void close() {
    firstMoments.forEach(NDArray::close);
    secondMoments.forEach(NDArray::close);
  }
}
