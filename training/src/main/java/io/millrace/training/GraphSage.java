package io.millrace.training;

import java.util.Objects;

/**
 * GraphSAGE with the mean aggregator (Hamilton, Ying and Leskovec, "Inductive Representation
 * Learning on Large Graphs", NeurIPS 2017, algorithm 1 with equation 2's mean), as PyG's SAGEConv
 * has it: {@code h'(v) = W_self h(v) + W_neighbor mean(h(u), u in N(v)) + b}.
 *
 * <p>Between two layers the values are normalised, rectified and dropped out, in this order. The
 * last layer gives the logits.
 *
 * @param hidden columns of every layer but the last
 * @param layers number of layers, which is the number of hops
 * @param dropout share of the hidden values that is set to 0 in training, in [0, 1)
 * @param norm normalisation of the hidden values
 */
public record GraphSage(int hidden, int layers, double dropout, Norm norm) implements GraphModel {
  public GraphSage {
    ModelSettings.require(hidden, layers, dropout);
    Objects.requireNonNull(norm, "norm");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static GraphSage of(int hidden, int layers) {
    return new GraphSage(hidden, layers, 0.5, Norm.BATCH);
  }

  public GraphSage dropout(double value) {
    return new GraphSage(hidden, layers, value, norm);
  }

  public GraphSage norm(Norm value) {
    return new GraphSage(hidden, layers, dropout, value);
  }

  @Override
  public int numHops() {
    return layers;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new GraphSageBlock(this, inputDim, numClasses);
  }
}
