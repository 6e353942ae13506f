package io.millrace.serving.selection;

import java.util.Arrays;

/**
 * Weights of models that sum to 1. A loss shrinks a weight exponentially; then each weight moves a
 * little to the mean (fixed share: Herbster and Warmuth 1998), so that a model that was bad for
 * long can come back. One thread at a time.
 */
public final class ModelWeights {
  /** How far the weights move to their mean at each update. */
  public static final double SHARE = 0.001;

  private final double[] weights;
  private final double share;

  /**
   * @param share 0 for none
   */
  public ModelWeights(int numModels, double share) {
    weights = new double[numModels];
    Arrays.fill(weights, 1.0 / numModels);
    this.share = share;
  }

  /** A copy. */
  public double[] values() {
    return weights.clone();
  }

  /**
   * Takes the weights of a saved state.
   *
   * @throws IllegalArgumentException if they are not as many, or not finite and positive
   */
  public void restore(double[] saved) {
    if (saved.length != weights.length
        || Arrays.stream(saved).anyMatch(it -> !(it > 0 && it <= 1 + 1e-9))) {
      throw new IllegalArgumentException("not weights of these models");
    }
    System.arraycopy(saved, 0, weights, 0, weights.length);
    normalize();
  }

  /**
   * Multiplies each weight with {@code exp(-eta * loss / chance)}.
   *
   * @param losses of each model, 0 to 1; NaN for a model that gave no answer
   * @param chances the probability that each model had to be asked, when it was
   */
  public void learn(double[] losses, double[] chances, double eta) {
    double[] exponents = new double[losses.length];
    for (int i = 0; i < losses.length; i++) {
      exponents[i] = Double.isNaN(losses[i]) ? 0 : eta * losses[i] / Math.max(chances[i], 1e-12);
    }
    double least = Arrays.stream(exponents).min().orElse(0);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= Math.exp(least - exponents[i]); // relative to the best: no underflow of all
    }
    normalize();
    double mean = 1.0 / weights.length;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (1 - share) * weights[i] + share * mean;
    }
  }

  private void normalize() {
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = sum > 0 ? weights[i] / sum : 1.0 / weights.length;
    }
  }
}
