package io.millrace.training.link;

import io.millrace.Internal;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import java.util.Optional;

/** How the embeddings x and y of two nodes become the score of their pair, in either direction. */
public enum Decoder {
  /** Their dot product. */
  DOT,

  /**
   * A multilayer perceptron on the products of their values, with one hidden layer of as many
   * values: {@code w ReLU(W (x * y) + b) + c}. It is learned with the model, as in OGB's examples.
   */
  MLP;

  /**
   * What is learned of it, a network of the products of one pair per row.
   *
   * @param dim columns of the embeddings
   */
  @Internal
  public Optional<GraphModel> network(int dim) {
    return switch (this) {
      case DOT -> Optional.empty();
      case MLP -> Optional.of(Mlp.of(dim, 2).norm(Norm.NONE).dropout(0));
    };
  }
}
