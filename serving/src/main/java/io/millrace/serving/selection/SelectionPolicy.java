package io.millrace.serving.selection;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Chooses the models that answer a request. Stateless. */
public enum SelectionPolicy {
  /** All models answer, and their answers are weighted: each model's loss is known. */
  EXP4(0.5) {
    @Override
    public BitSet choose(double[] weights, RandomGenerator random) {
      BitSet all = new BitSet();
      all.set(0, weights.length);
      return all;
    }

    @Override
    public double[] chances(double[] weights) {
      double[] certain = new double[weights.length];
      Arrays.fill(certain, 1);
      return certain;
    }
  },

  /** One model answers, drawn by its weight: the loss of that one alone is known (Exp3). */
  EXP3(0.05) {
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
    public double[] chances(double[] weights) {
      return weights.clone();
    }
  };

  private final double eta;

  SelectionPolicy(double eta) {
    this.eta = eta;
  }

  /** The models that answer a request. */
  public abstract BitSet choose(double[] weights, RandomGenerator random);

  /** How probable it is that each model is chosen. */
  public abstract double[] chances(double[] weights);

  /** The learning rate: how fast the weights follow losses. */
  public double eta() {
    return eta;
  }
}
