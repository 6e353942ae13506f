package io.millrace.training.link;

import io.millrace.Internal;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import java.util.Arrays;

/**
 * Scores the pairs of an evaluation by time, batch by batch, in memory: the embeddings of a node
 * differ from batch to batch. Used by one thread.
 */
@Internal
public final class EventScores {
  private final int dim;
  private final PairScorer scorer;
  private float[] positives = {};
  private float[] negatives = {};
  private int size;

  /**
   * @param dim columns of the embeddings
   * @param scorer of two of them
   */
  public EventScores(int dim, PairScorer scorer) {
    this.dim = dim;
    this.scorer = scorer;
  }

  /**
   * Adds the positives of a batch that have a negative, each with the first one.
   *
   * @param localIds of the batch's seeds
   * @param rows float32 {@code [numSeeds x dim]}
   */
  public void add(LinkSeeds links, int[] localIds, float[] rows) {
    if (positives.length < size + links.numPositives()) {
      int length = 2 * size + links.numPositives();
      positives = Arrays.copyOf(positives, length);
      negatives = Arrays.copyOf(negatives, length);
    }
    int last = -1;
    for (int pair = links.numPositives(); pair < links.numPairs(); pair++) {
      int positive = links.positive()[pair];
      if (positive != last) {
        positives[size] = score(links, positive, localIds, rows);
        negatives[size++] = score(links, pair, localIds, rows);
        last = positive;
      }
    }
  }

  private float score(LinkSeeds links, int pair, int[] localIds, float[] rows) {
    int src = localIds[links.src()[pair]] * dim;
    int dst = localIds[links.dst()[pair]] * dim;
    return scorer.score(rows, src, dst);
  }

  /**
   * All figures; the loss is binary cross-entropy.
   *
   * @param metric whose meter reads the scores, if it has one
   */
  public Evaluation evaluate(Metric metric) {
    return PairScores.evaluate(
        Arrays.copyOf(positives, size), Arrays.copyOf(negatives, size), metric);
  }
}
