package io.millrace.serving.selection;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Chooses models for a request, and learns from losses. One thread at a time. */
public enum SelectionPolicy {
  /** All models answer; their answers are weighted. A loss of each model is used. */
  EXP4 {
    @Override
    public BitSet choose(double[] weights, RandomGenerator random) {
      BitSet all = new BitSet();
      all.set(0, weights.length);
      return all;
    }

    @Override
    public void learn(ModelWeights weights, double[] losses, double eta) {
      double[] exponents = new double[losses.length];
      for (int i = 0; i < losses.length; i++) {
        exponents[i] = eta * known(losses[i]);
      }
      weights.shrink(exponents);
    }
  },

  /** One model answers, drawn by its weight. Only the loss of the drawn one is used. */
  EXP3 {
    @Override
    public BitSet choose(double[] weights, RandomGenerator random) {
      double at = random.nextDouble();
      int model = 0;
      while (model < weights.length - 1 && at >= weights[model]) {
        at -= weights[model++];
      }
      BitSet one = new BitSet();
      one.set(model);
      return one;
    }

    @Override
    public void learn(ModelWeights weights, double[] losses, double eta) {
      double[] probabilities = weights.values();
      double[] exponents = new double[losses.length];
      for (int i = 0; i < losses.length; i++) {
        exponents[i] = eta * known(losses[i]) / Math.max(probabilities[i], 1e-12);
      }
      weights.shrink(exponents);
    }
  };

  /** The models that answer a request. */
  public abstract BitSet choose(double[] weights, RandomGenerator random);

  /**
   * Changes the weights.
   *
   * @param losses of each model, 0 to 1; NaN for a model that gave no answer
   * @param eta the learning rate
   */
  public abstract void learn(ModelWeights weights, double[] losses, double eta);

  private static double known(double loss) {
    return Double.isNaN(loss) ? 0 : loss;
  }
}
