package io.millrace.training.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.loss.BalancedWeights;
import io.millrace.training.loss.Criterion;
import io.millrace.training.loss.LabelledNodes;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.transfer.DeviceBatch;
import java.util.Arrays;
import java.util.Optional;

/**
 * Predicts the class of a node, or which of several labels it has. Seeds are the nodes of a split.
 *
 * @param data stays the caller's
 * @param objective loss, class weights and metric
 */
@Internal
public record NodeClassification(GraphDataset data, Objective objective) implements Task {
  /**
   * @throws BadInputException if no training node has a label, or loss or metric do not fit the
   *     labels
   */
  public NodeClassification {
    LabelledNodes.of(data, Split.TRAIN);
    objective.requireFits(data);
  }

  @Override
  public int outputDim() {
    return data.labels().numClasses();
  }

  @Override
  public NodeLabels labels() {
    return data.labels();
  }

  @Override
  public AnswerKind answers() {
    return AnswerKind.of(labels());
  }

  @Override
  public BatchPlan batches(EpochPlan.Epoch epoch) {
    return epoch;
  }

  @Override
  public EpochPlan trainingPlan(int batchSize, long seed) {
    return EpochPlan.of(trainingSeeds(), batchSize, seed);
  }

  @Override
  public int[] trainingSeeds() {
    return LabelledNodes.of(data, Split.TRAIN);
  }

  @Override
  public int numSeeds(int batchSize) {
    return batchSize;
  }

  @Override
  public EpochPlan.Epoch evaluationEpoch(Split split, int batchSize, long seed) {
    return EpochPlan.inOrder(LabelledNodes.of(data, split), batchSize, seed)
        .epoch(-1 - split.ordinal());
  }

  @Override
  public boolean hasLabels(Split split) {
    return data.hasSplit(split)
        && Arrays.stream(data.nodes(split)).anyMatch(data.labels()::isLabelled);
  }

  @Override
  public void requireEvaluable(Split split) {
    LabelledNodes.of(data, split);
    if (objective.metric().equals(Metric.ROCAUC)) {
      LabelledNodes.requireBothAnswers(data, split);
    }
    if (objective.metric().equals(Metric.R2)) {
      LabelledNodes.requireSpread(data, split);
    }
  }

  @Override
  public BatchLoss newLoss(Network network) {
    return new NodeLoss(labels(), newCriterion(network.manager()));
  }

  private record NodeLoss(NodeLabels labels, Criterion criterion) implements BatchLoss {
    @Override
    public int numTerms(int[] seeds) {
      return criterion.numTerms(labels, seeds);
    }

    @Override
    public Terms of(
        EpochPlan.Epoch epoch,
        DeviceBatch batch,
        NDArray output,
        NDArray seedLabels,
        ForwardPass pass) {
      return new Terms(criterion.sum(output, seedLabels), output, seedLabels);
    }
  }

  private Criterion newCriterion(NDManager manager) {
    Loss loss = objective.loss(labels());
    int[] nodes = LabelledNodes.of(data, Split.TRAIN);
    Optional<float[]> weights = BalancedWeights.of(objective.weights(), loss, labels(), nodes);
    return Criterion.of(manager, loss, labels(), weights);
  }

  @Override
  public Scores trainingScores() {
    return Scores.ofTraining(labels());
  }

  /** All figures of an evaluation. */
  public Scores evaluationScores() {
    return Scores.ofEvaluation(labels(), Optional.of(objective.metric()));
  }
}
