package io.millrace.training;

import ai.djl.ndarray.NDManager;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchRandom;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.BatchPipeline;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@link GraphTrainer} is made from, checked and complete; {@link TrainerBuilder} says what
 * each component means.
 *
 * <p>Immutable, so a builder that is changed afterwards changes no trainer. The dataset stays the
 * caller's.
 */
record TrainerSettings(
    GraphDataset data,
    GraphModel model,
    Fanout fanout,
    Fanout evalFanout,
    int batchSize,
    int evalBatchSize,
    OptimizerSettings optimizer,
    Objective objective,
    OptionalInt patience,
    OptionalInt numWorkers,
    OptionalInt numSlots,
    long seed,
    int computeThreads,
    Optional<Path> directory) {
  /** Where a batch's number goes in the key of a dropout: no batch has this one. */
  private static final int DROPOUT = -2;

  /** The epoch of the first weights: it has no batches, so only {@link #DROPOUT} is below it. */
  private static final int FIRST_WEIGHTS = -1;

  TrainerSettings {
    requireLayers(model, "fanout", fanout);
    requireLayers(model, "evalFanout", evalFanout);
    data.features();
    LabelledNodes.of(data, Split.TRAIN);
    objective.requireFits(data);
    directory.ifPresent(ModelFile::requireWritable);
    directory.ifPresent(_ -> ModelInfo.requireStorable(model));
  }

  private static void requireLayers(GraphModel model, String name, Fanout fanout) {
    if (fanout.numHops() != model.numHops()) {
      throw BadInputException.of(
          "fanout must have one entry per layer", name, fanout, "layers", model.numHops());
    }
  }

  /**
   * The nodes of a split.
   *
   * @throws BadInputException if there is no such split, none of its nodes has a label, or a label
   *     is not one of the dataset's classes
   */
  int[] nodes(Split split) {
    return LabelledNodes.of(data, split);
  }

  EpochPlan trainingPlan() {
    return EpochPlan.of(nodes(Split.TRAIN), batchSize, seed);
  }

  /**
   * The one epoch in which a split is evaluated. Its number is negative and the split's own, so
   * that the neighbourhoods are the same each time, and not those of a batch of training or of
   * another split.
   */
  EpochPlan.Epoch evaluationEpoch(Split split) {
    return EpochPlan.inOrder(nodes(split), evalBatchSize, seed).epoch(-1 - split.ordinal());
  }

  /**
   * Looks whether a split can be evaluated, before a training that ends with it.
   *
   * @throws BadInputException if not
   */
  void requireEvaluable(Split split) {
    nodes(split);
    if (objective.metric() == Metric.ROCAUC) {
      LabelledNodes.requireBothAnswers(data, split);
    }
  }

  /** What is made small; the manager owns the class weights. */
  Criterion newCriterion(NDManager manager) {
    NodeLabels labels = data.labels();
    Loss loss = objective.loss(labels);
    Optional<float[]> weights =
        BalancedWeights.of(objective.weights(), loss, labels, nodes(Split.TRAIN));
    return Criterion.of(manager, loss, labels, weights);
  }

  /** The seed of torch's generator for an epoch of training. */
  long dropoutSeed(int epoch) {
    return BatchRandom.batchSeed(seed, epoch, DROPOUT);
  }

  /** Whoever asks for it closes it. */
  Network newNetwork() {
    return new Network(
        model, data.features().dim(), data.labels().numClasses(), dropoutSeed(FIRST_WEIGHTS));
  }

  /** For training, and by the other fanout for evaluation; whoever asks for it closes it. */
  BatchPipeline newPipeline() {
    BatchPipeline.Builder builder =
        BatchPipeline.builder(data, fanout).degrees(model.usesDegrees());
    numWorkers.ifPresent(builder::workers);
    numSlots.ifPresent(builder::slots);
    return builder.build();
  }

  /** What is stored with the weights of an epoch. */
  ModelInfo info(int epoch, Evaluation valid) {
    return new ModelInfo(
        model,
        data.features().dim(),
        data.labels().numClasses(),
        data.name(),
        data.fingerprint(),
        fanout.toString(),
        seed,
        epoch,
        valid.accuracy());
  }
}
