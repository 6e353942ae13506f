package io.millrace.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.metrics.AnswerKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * A {@link Loss} with its class weights. Stateless but for the weights, which belong to the manager
 * it was made with.
 *
 * <p>It gives a sum, and the number of its terms apart, so that a batch can be divided and its
 * parts still add up to the mean over the whole.
 */
@Internal
public abstract sealed class Criterion permits CrossEntropy, BinaryCrossEntropy, OwnCriterion {
  /**
   * The sum over the terms.
   *
   * @param logits float32 {@code [numSeeds x numClasses]}
   * @param labels int64 {@code [numSeeds]} or int8 {@code [numSeeds x numClasses]}, -1 where
   *     unknown
   * @return a scalar
   */
  public abstract NDArray sum(NDArray logits, NDArray labels);

  /**
   * @param labels of the dataset that is trained on
   * @param weights one per class, if they differ
   */
  public static Criterion of(
      NDManager manager, Loss loss, NodeLabels labels, Optional<float[]> weights) {
    Optional<NDArray> array = weights.map(manager::create);
    if (loss.equals(Loss.CROSS_ENTROPY)) {
      return new CrossEntropy(array);
    }
    return loss.equals(Loss.BCE)
        ? new BinaryCrossEntropy(labels, array)
        : new OwnCriterion(loss, AnswerKind.of(labels));
  }

  /**
   * How many terms the sum over some seeds has, none of them unknown: the mean is the sum divided
   * by it.
   *
   * @param labels of all nodes
   * @param seeds global ids
   */
  public final int numTerms(NodeLabels labels, int[] seeds) {
    return Arrays.stream(seeds).map(seed -> numTerms(labels, seed)).sum();
  }

  public abstract int numTerms(NodeLabels labels, int seed);
}
