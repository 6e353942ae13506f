package io.millrace.training.metrics;

import io.millrace.BadInputException;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How well scores tell linked pairs from others, as OGB and scikit-learn compute it. Each is 0 to
 * 1, 1 the best; empty if there is no positive or no negative. Stateless.
 */
public final class LinkMetrics {
  private LinkMetrics() {}

  /** The area under the ROC curve; a tie counts half. */
  public static OptionalDouble auc(float[] positives, float[] negatives) {
    RocAuc auc = new RocAuc();
    for (float score : positives) {
      auc.add(score, true);
    }
    for (float score : negatives) {
      auc.add(score, false);
    }
    return auc.value();
  }

  /**
   * The average precision: over the distinct scores as thresholds, from the highest down, the sum
   * of the precision there times what it adds to the recall.
   */
  public static OptionalDouble averagePrecision(float[] positives, float[] negatives) {
    if (positives.length == 0 || negatives.length == 0) {
      return OptionalDouble.empty();
    }
    float[] hits = sorted(positives);
    float[] misses = sorted(negatives);
    double sum = 0;
    int miss = misses.length;
    for (int end = hits.length; end > 0; ) {
      float threshold = hits[end - 1];
      int begin = end;
      while (begin > 0 && Float.compare(hits[begin - 1], threshold) == 0) { // NaN, too
        begin--;
      }
      while (miss > 0 && misses[miss - 1] >= threshold) {
        miss--;
      }
      double numHits = hits.length - begin;
      sum += (end - begin) * numHits / (numHits + misses.length - miss);
      end = begin;
    }
    return OptionalDouble.of(sum / hits.length);
  }

  /**
   * The mean reciprocal rank of each positive among its own negatives; a tie counts half a rank.
   *
   * @param negatives the same number for each positive, in the positives' order
   * @throws BadInputException if there is not the same number for each
   */
  public static OptionalDouble mrr(float[] positives, float[] negatives) {
    if (positives.length == 0 || negatives.length == 0) {
      return OptionalDouble.empty();
    }
    if (negatives.length % positives.length != 0) {
      throw BadInputException.of(
          "each positive needs the same number of negatives",
          "positives",
          positives.length,
          "negatives",
          negatives.length);
    }
    int each = negatives.length / positives.length;
    double sum = 0;
    for (int i = 0; i < positives.length; i++) {
      long twiceAbove = 0; // greater ones twice, equal ones once
      for (int q = i * each; q < (i + 1) * each; q++) {
        twiceAbove +=
            (negatives[q] > positives[i] ? 1 : 0) + (negatives[q] >= positives[i] ? 1 : 0);
      }
      sum += 1 / (1 + twiceAbove / 2.0);
    }
    return OptionalDouble.of(sum / positives.length);
  }

  /**
   * Hits@K: the share of the positives above the K-th highest of all negatives; 1 if there are
   * fewer than K.
   */
  public static OptionalDouble hits(int k, float[] positives, float[] negatives) {
    if (k < 1) {
      throw BadInputException.of("Hits@K needs a positive K", "k", k);
    }
    if (positives.length == 0 || negatives.length == 0) {
      return OptionalDouble.empty();
    }
    if (negatives.length < k) {
      return OptionalDouble.of(1);
    }
    float threshold = sorted(negatives)[negatives.length - k];
    int above = 0;
    for (float score : positives) {
      above += score > threshold ? 1 : 0;
    }
    return OptionalDouble.of(above / (double) positives.length);
  }

  private static float[] sorted(float[] scores) {
    float[] sorted = new float[scores.length];
    for (int i = 0; i < scores.length; i++) {
      sorted[i] = scores[i] + 0f; // -0 becomes 0, which it ties with
    }
    Arrays.sort(sorted);
    return sorted;
  }
}
