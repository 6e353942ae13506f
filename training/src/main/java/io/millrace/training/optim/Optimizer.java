package io.millrace.training.optim;

import io.millrace.BadInputException;

/**
 * How the weights follow their gradients, with the formulas and defaults of torch.optim. The
 * learning rate, its {@link Schedule} and the weight decay are settings of their own.
 *
 * <p>Immutable. The next class to read is {@link OptimizerState}.
 */
public sealed interface Optimizer {
  /** With betas 0.9 and 0.999 and epsilon 1e-8. */
  static Optimizer adam() {
    return new Adam(0.9, 0.999, 1e-8);
  }

  /** With betas 0.9 and 0.999 and epsilon 1e-8. */
  static Optimizer adamW() {
    return new AdamW(0.9, 0.999, 1e-8);
  }

  /**
   * @param momentum in [0, 1); 0 for none
   */
  static Optimizer sgd(double momentum) {
    return new Sgd(momentum);
  }

  /**
   * Adam (Kingma and Ba, ICLR 2015). Weight decay is an L2 penalty: it goes through the moments.
   *
   * @param beta1 share of the first moment that is kept
   * @param beta2 share of the second moment that is kept
   * @param epsilon added to the root of the second moment
   */
  record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    public Adam {
      requireMoments(beta1, beta2, epsilon);
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019): the decay shrinks the
   * weights and stays out of the moments.
   */
  record AdamW(double beta1, double beta2, double epsilon) implements Optimizer {
    public AdamW {
      requireMoments(beta1, beta2, epsilon);
    }
  }

  /** Stochastic gradient descent, with momentum (Sutskever et al., ICML 2013) if it is not 0. */
  record Sgd(double momentum) implements Optimizer {
    public Sgd {
      requireShare("momentum", momentum);
    }
  }

  private static void requireMoments(double beta1, double beta2, double epsilon) {
    requireShare("beta1", beta1);
    requireShare("beta2", beta2);
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of("epsilon must be positive", "epsilon", epsilon);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw BadInputException.of(name + " must be in [0, 1)", name, value);
    }
  }
}
