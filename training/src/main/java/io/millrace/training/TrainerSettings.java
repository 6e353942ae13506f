package io.millrace.training;

import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.loss.BalancedWeights;
import io.millrace.training.loss.Criterion;
import io.millrace.training.loss.LabelledNodes;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
    VirtualNodes virtualNodes,
    int evalBatchSize,
    OptimizerSettings optimizer,
    Objective objective,
    OptionalInt patience,
    OptionalInt numWorkers,
    OptionalInt numSlots,
    long seed,
    int computeThreads,
    Optional<Path> directory,
    OptionalInt checkpointEvery,
    Optional<Path> resumeFrom,
    TorchDevice device,
    OptionalInt numDeviceSlots) {
  TrainerSettings {
    requireLayers(model, "fanout", fanout);
    requireLayers(model, "evalFanout", evalFanout);
    data.features();
    LabelledNodes.of(data, Split.TRAIN);
    objective.requireFits(data);
    directory.ifPresent(ModelFile::requireWritable);
    if (checkpointEvery.isPresent() && directory.isEmpty()) {
      throw BadInputException.of(
          "checkpoints need a directory to be saved to",
          "checkpointEvery",
          checkpointEvery.getAsInt());
    }
    directory.or(() -> resumeFrom).ifPresent(_ -> ModelInfo.requireStorable(model));
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
    return EpochPlan.of(nodes(Split.TRAIN), batchSize, seed).divided(virtualNodes.number());
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

  /** Whether a checkpoint is due in the middle of an epoch. */
  boolean isCheckpointAfter(int batch) {
    return directory.isPresent()
        && checkpointEvery.isPresent()
        && (batch + 1) % checkpointEvery.getAsInt() == 0;
  }

  TrainingSeeds seeds() {
    return new TrainingSeeds(seed);
  }

  /** Whoever asks for it closes it. */
  Network newNetwork() {
    return Network.on(
        device.device(),
        model,
        data.features().dim(),
        data.labels().numClasses(),
        seeds().firstWeights());
  }

  /**
   * For training, and by the other fanout for evaluation; whoever asks for it closes it. float16
   * features go to a GPU as they are, for the bus is narrow; for the CPU the workers widen them.
   */
  BatchPipeline newPipeline() {
    PipelineBuilder builder = BatchPipeline.builder(data, fanout).degrees(model.usesDegrees());
    numWorkers.ifPresent(builder::workers);
    numSlots.ifPresent(builder::slots);
    numDeviceSlots.ifPresent(builder::deviceSlots);
    switch (device) {
      case TorchDevice.Cpu _ -> builder.featureType(FeatureType.FLOAT32);
      case TorchDevice.Gpu gpu -> builder.device(gpu.cuda());
      case TorchDevice.CopyingGpu _ -> {}
    }
    builder.held(virtualNodes.perWave());
    return builder.build();
  }

  /**
   * What the result of a training depends on, and what goes on must not change: all but the number
   * of epochs and what decides only about time and memory.
   */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("dataset", data.name() + " " + data.fingerprint());
    identity.put("model", SettingsText.of(model));
    identity.put("fanout", fanout.toString());
    identity.put("evalFanout", evalFanout.toString());
    identity.put("batchSize", String.valueOf(batchSize));
    identity.put("virtualNodes", String.valueOf(virtualNodes.number()));
    identity.put("evalBatchSize", String.valueOf(evalBatchSize));
    identity.put("optimizer", SettingsText.of(optimizer));
    identity.put("objective", SettingsText.of(objective));
    identity.put("seed", String.valueOf(seed));
    return identity;
  }

  /**
   * What is stored with the weights of an epoch.
   *
   * @param epoch from 1
   */
  ModelInfo info(int epoch, Evaluation valid) {
    return new ModelInfo(
        model,
        data.features().dim(),
        data.labels().numClasses(),
        data.labels().isMultiLabel(),
        data.name(),
        data.fingerprint(),
        fanout.toString(),
        seed,
        epoch,
        valid.accuracy());
  }
}
