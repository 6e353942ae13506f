package io.millrace.training.link;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.training.nn.Network;
import java.util.Map;

/**
 * Scores pairs of embeddings that are in memory. Sums are float64 and in a fixed order, so a score
 * is the same on every machine. Immutable; shared by all threads.
 */
@Internal
@FunctionalInterface
public interface PairScorer {
  /**
   * @param rows embeddings, row by row
   * @param src where the row of one end begins
   * @param dst where that of the other begins
   */
  float score(float[] rows, int src, int dst);

  /**
   * With a decoder if there is one among the parameters, otherwise by dot products.
   *
   * @param dim columns of the embeddings
   * @param parameters of a {@link Network}, by their names; they are copied
   */
  static PairScorer of(int dim, Map<String, NDArray> parameters) {
    String first = Network.DECODER + "linear.0.";
    String last = Network.DECODER + "linear.1.";
    return parameters.containsKey(first + "weight")
        ? new OfMlp(
            dim,
            parameters.get(first + "weight").toFloatArray(),
            parameters.get(first + "bias").toFloatArray(),
            parameters.get(last + "weight").toFloatArray(),
            parameters.get(last + "bias").toFloatArray()[0])
        : dot(dim);
  }

  /**
   * By dot products.
   *
   * @param dim columns of the embeddings
   */
  static PairScorer dot(int dim) {
    return (rows, src, dst) -> {
      double sum = 0;
      for (int column = 0; column < dim; column++) {
        sum += (double) rows[src + column] * rows[dst + column];
      }
      return (float) sum;
    };
  }

  /**
   * {@link Decoder#MLP}.
   *
   * @param dim columns of the embeddings
   * @param weights of the hidden layer, {@code [hidden x dim]}
   * @param biases {@code [hidden]}
   * @param last {@code [hidden]}
   * @param lastBias of the score
   */
  record OfMlp(int dim, float[] weights, float[] biases, float[] last, float lastBias)
      implements PairScorer {
    @Override
    public float score(float[] rows, int src, int dst) {
      double score = lastBias;
      for (int h = 0; h < last.length; h++) {
        double hidden = biases[h];
        for (int column = 0; column < dim; column++) {
          hidden += (double) weights[h * dim + column] * rows[src + column] * rows[dst + column];
        }
        score += last[h] * Math.max(hidden, 0);
      }
      return (float) score;
    }
  }
}
