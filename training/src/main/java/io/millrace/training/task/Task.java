package io.millrace.training.task;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.transfer.DeviceBatch;

/**
 * What a model learns to predict: which seeds the batches have, which loss the training has, and
 * what an evaluation counts.
 *
 * <p>The steps of a training and its trainer know the task only by this interface. Immutable.
 */
@Internal
public sealed interface Task permits NodeClassification, LinkTask {
  /** What is learned from; it stays the caller's. */
  GraphDataset data();

  /** Columns of the model's output. */
  int outputDim();

  /** The labels that the batches have. */
  NodeLabels labels();

  /** What the output is compared with. */
  AnswerKind answers();

  /**
   * What is learned in which batch, epoch after epoch: labelled nodes, or indices of links.
   *
   * @throws BadInputException if a batch would have too many pairs
   */
  EpochPlan trainingPlan(int batchSize, long seed);

  /** The distinct nodes that may be seeds of a batch of training. */
  int[] trainingSeeds();

  /**
   * How many of the {@link #trainingSeeds} a batch is expected to have, at least 1.
   *
   * @param batchSize nodes or links that it learns
   */
  int numSeeds(int batchSize);

  /** The batches of an epoch of the {@link #trainingPlan}. */
  BatchPlan batches(EpochPlan.Epoch epoch);

  /**
   * The one epoch in which a split is evaluated. Its number is negative and differs from split to
   * split. So the neighbourhoods are the same each time, and no batch of training or of another
   * split has them.
   */
  EpochPlan.Epoch evaluationEpoch(Split split, int batchSize, long seed);

  /** Whether any node of a split has a label, so that there is something to evaluate. */
  boolean hasLabels(Split split);

  /**
   * The one epoch in which some nodes are predicted. Its number is negative, too, and differs from
   * those of the splits.
   *
   * @throws BadInputException if an id is not a node
   */
  default EpochPlan.Epoch predictionEpoch(int[] nodes, int batchSize, long seed) {
    NodeSet.requireInRange(data().graph().numNodes(), nodes);
    return EpochPlan.inOrder(nodes, batchSize, seed).epoch(-1 - Split.values().length);
  }

  /**
   * Checks before a training that the split, which is evaluated at its end, can be evaluated.
   *
   * @throws BadInputException if not
   */
  void requireEvaluable(Split split);

  /**
   * The loss; its arrays belong to the network's manager.
   *
   * @param network whose output it compares; it stays the caller's
   */
  BatchLoss newLoss(Network network);

  /** What is counted of the batches that the model learns from. */
  Scores trainingScores();

  /** The loss of a batch. */
  interface BatchLoss {
    /**
     * How many terms the sum over some items has: the mean is the sum divided by it.
     *
     * @param items seeds of the {@link #trainingPlan}
     */
    int numTerms(int[] items);

    /**
     * @param epoch of the batch
     * @param output of the model, {@code [numSeeds x outputDim]}
     * @param labels of the batch's seeds
     * @param pass in which the model has given the output
     */
    Terms of(
        EpochPlan.Epoch epoch, DeviceBatch batch, NDArray output, NDArray labels, ForwardPass pass);
  }

  /**
   * The terms of a batch's loss, and what its {@link Scores} count.
   *
   * @param sum of the terms, a scalar
   * @param scores logits, or scores of pairs
   * @param answers what is right
   */
  record Terms(NDArray sum, NDArray scores, NDArray answers) {}
}
