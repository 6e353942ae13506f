package io.millrace.training;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchRandom;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineBuilder;
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
    double learningRate,
    double weightDecay,
    OptionalInt numWorkers,
    OptionalInt numSlots,
    long seed,
    int computeThreads,
    Optional<Path> directory,
    TorchDevice device,
    OptionalInt numDeviceSlots) {
  /** Where a batch's number goes in the key of a dropout: no batch has this one. */
  private static final int DROPOUT = -2;

  /** The epoch of the first weights: it has no batches, so only {@link #DROPOUT} is below it. */
  private static final int FIRST_WEIGHTS = -1;

  TrainerSettings {
    requireLayers(model, "fanout", fanout);
    requireLayers(model, "evalFanout", evalFanout);
    data.features();
    requireNodes(data, Split.TRAIN);
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
    return requireNodes(data, split);
  }

  private static int[] requireNodes(GraphDataset data, Split split) {
    NodeLabels labels = data.labels();
    int[] nodes = data.nodes(split);
    int numLabelled = 0;
    for (int node : nodes) {
      int label = labels.get(node);
      if (label < NodeLabels.UNLABELLED || label >= labels.numClasses()) {
        throw BadInputException.of(
            "label out of range",
            "dataset",
            data.name(),
            "node",
            node,
            "label",
            label,
            "numClasses",
            labels.numClasses());
      }
      numLabelled += label == NodeLabels.UNLABELLED ? 0 : 1;
    }
    if (numLabelled == 0) {
      throw BadInputException.of(
          nodes.length == 0 ? "split has no nodes" : "split has no node with a label",
          "dataset",
          data.name(),
          "split",
          split.fileName());
    }
    return nodes;
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
    return EpochPlan.inOrder(nodes(split), batchSize, seed).epoch(-1 - split.ordinal());
  }

  /** The seed of torch's generator for an epoch of training. */
  long dropoutSeed(int epoch) {
    return BatchRandom.batchSeed(seed, epoch, DROPOUT);
  }

  /** Whoever asks for it closes it. */
  Network newNetwork() {
    return Network.on(
        device.device(),
        model,
        data.features().dim(),
        data.labels().numClasses(),
        dropoutSeed(FIRST_WEIGHTS));
  }

  /**
   * For training, and by the other fanout for evaluation; whoever asks for it closes it. float16
   * features go to a GPU as they are, for the bus is narrow; for the CPU the workers widen them.
   */
  BatchPipeline newPipeline() {
    PipelineBuilder builder = BatchPipeline.builder(data, fanout);
    numWorkers.ifPresent(builder::workers);
    numSlots.ifPresent(builder::slots);
    numDeviceSlots.ifPresent(builder::deviceSlots);
    switch (device) {
      case TorchDevice.Cpu _ -> builder.featureType(FeatureType.FLOAT32);
      case TorchDevice.Gpu gpu -> builder.device(gpu.cuda());
      case TorchDevice.CopyingGpu _ -> {}
    }
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
