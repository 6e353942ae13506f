package io.millrace.training.link;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Scores;
import java.util.Arrays;

/**
 * Scores pairs by the embeddings of their nodes, which are in memory. Immutable.
 *
 * @param nodes the nodes with an embedding, ascending
 * @param dim columns
 * @param rows float32 {@code [nodes x dim]}
 * @param scorer of two rows
 */
@Internal
public record PairScores(int[] nodes, int dim, float[] rows, PairScorer scorer) {
  /**
   * The score of each pair.
   *
   * @param pairs of these nodes
   */
  public float[] of(NodePairs pairs) {
    float[] scores = new float[pairs.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scorer.score(rows, row(pairs.src(i)), row(pairs.dst(i)));
    }
    return scores;
  }

  private int row(int node) {
    return Arrays.binarySearch(nodes, node) * dim;
  }

  /**
   * All figures of held-out links; the loss is binary cross-entropy.
   *
   * @param metric whose meter reads the scores, if it has one
   * @throws BadInputException if the loss is not finite
   */
  public Evaluation evaluate(HeldOutLinks.Part part, Metric metric) {
    return evaluate(of(part.positives()), of(part.negatives()), metric);
  }

  /**
   * All figures of pairs that are scored.
   *
   * @param negatives the same number for each positive, in their order
   * @param metric whose meter reads the scores, if it has one
   * @throws BadInputException if the loss is not finite
   */
  public static Evaluation evaluate(float[] positives, float[] negatives, Metric metric) {
    double loss = 0;
    for (float score : positives) {
      loss += softplus(-score) / positives.length;
    }
    for (float score : negatives) {
      loss += softplus(score) / negatives.length;
    }
    if (!Double.isFinite(loss)) {
      throw BadInputException.of(
          "loss is not finite, try a lower learning rate or normalised features", "loss", loss);
    }
    return Scores.evaluateLinks(loss, positives, negatives, metric);
  }

  /** log(1 + e^x). */
  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }
}
