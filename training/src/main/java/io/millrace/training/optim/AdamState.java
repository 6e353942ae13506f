package io.millrace.training.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1) as torch.optim.Adam, and AdamW (Loshchilov and
 * Hutter, ICLR 2019, algorithm 2) as torch.optim.AdamW does them.
 *
 * <p>With gradient g, moments m and v, and t steps made:
 *
 * <pre>
 *   Adam: g = g + decay * w      AdamW: w = w - rate * decay * w
 *   m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
 *   w = w - rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 * </pre>
 *
 * DJL's native update divides {@code m} by {@code sqrt(v) + eps}; multiplying numerator and
 * denominator by {@code sqrt(1 - b2^t)} gives the last line this form, so the corrections go into
 * the rate and into eps. The moments are named {@code exp_avg} and {@code exp_avg_sq}, as torch
 * does.
 */
final class AdamState extends OptimizerState {
  private static final float UNSCALED = 1;
  private static final float NO_CLIPPING = -1;

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;
  private final boolean decoupled;

  /**
   * @param decoupled whether the weights decay by themselves, as in AdamW
   */
  AdamState(
      NDManager manager,
      Map<String, NDArray> parameters,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled) {
    super(manager, parameters, "exp_avg", "exp_avg_sq");
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
    this.decoupled = decoupled;
  }

  @Override
  void move(PtNDArray parameter, PtNDArray gradient, List<NDArray> moments, double learningRate) {
    double correction1 = 1 - Math.pow(beta1, numSteps());
    double correction2 = Math.sqrt(1 - Math.pow(beta2, numSteps()));
    JniUtils.adamUpdate(
        parameter,
        gradient,
        (PtNDArray) moments.get(0),
        (PtNDArray) moments.get(1),
        (float) learningRate,
        (float) (learningRate * correction2 / correction1),
        (float) weightDecay,
        UNSCALED,
        NO_CLIPPING,
        (float) beta1,
        (float) beta2,
        (float) (epsilon * correction2),
        decoupled);
  }
}
