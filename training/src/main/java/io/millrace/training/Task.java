package io.millrace.training;

import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.loss.Criterion;
import io.millrace.training.metrics.Scores;

/**
 * What a model learns to predict: which seeds the batches have, which loss the training has, and
 * what an evaluation counts.
 *
 * <p>{@link TrainingStep} and {@link GraphTrainer} know the task only by this interface. Immutable.
 */
sealed interface Task permits NodeClassification {
  /** Columns of the model's output. */
  int outputDim();

  /** What the output is compared with. */
  NodeLabels labels();

  /** The batches of training, epoch after epoch. */
  EpochPlan trainingPlan(int batchSize, long seed);

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
  EpochPlan.Epoch predictionEpoch(int[] nodes, int batchSize, long seed);

  /**
   * Checks before a training that the split, which is evaluated at its end, can be evaluated.
   *
   * @throws BadInputException if not
   */
  void requireEvaluable(Split split);

  /** The loss; its arrays belong to the manager. */
  Criterion newCriterion(NDManager manager);

  /** What is counted of the batches that the model learns from. */
  Scores trainingScores();

  /** All figures of an evaluation. */
  Scores evaluationScores();
}
