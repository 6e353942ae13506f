package io.millrace.training;

import java.util.Objects;

/**
 * A multilayer perceptron on the nodes' own features: the baseline that ignores the graph.
 *
 * <p>Between two layers the values are normalised, rectified and dropped out, in this order.
 *
 * @param hidden columns of every layer but the last
 * @param layers number of linear layers
 * @param dropout share of the hidden values that is set to 0 in training, in [0, 1)
 * @param norm normalisation of the hidden values
 */
public record Mlp(int hidden, int layers, double dropout, Norm norm) implements GraphModel {
  public Mlp {
    ModelSettings.require(hidden, layers, dropout);
    Objects.requireNonNull(norm, "norm");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static Mlp of(int hidden, int layers) {
    return new Mlp(hidden, layers, 0.5, Norm.BATCH);
  }

  public Mlp dropout(double value) {
    return new Mlp(hidden, layers, value, norm);
  }

  public Mlp norm(Norm value) {
    return new Mlp(hidden, layers, dropout, value);
  }

  @Override
  public int numHops() {
    return 0;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new MlpBlock(this, inputDim, numClasses);
  }
}
