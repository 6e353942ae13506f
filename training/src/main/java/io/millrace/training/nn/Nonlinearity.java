package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.millrace.Internal;

/** The activation function between two linear maps. */
public enum Nonlinearity {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x} above 0, {@code 0.01 x} below. */
  LEAKY_RELU,
  /** {@code x} above 0, {@code exp(x) - 1} below (Clevert et al. 2016). */
  ELU;

  private static final float SLOPE = 0.01f;

  @Internal
  public NDArray of(NDArray x) {
    return switch (this) {
      case RELU -> Activation.relu(x);
      case LEAKY_RELU -> Activation.leakyRelu(x, SLOPE);
      case ELU -> Activation.elu(x, 1);
    };
  }
}
