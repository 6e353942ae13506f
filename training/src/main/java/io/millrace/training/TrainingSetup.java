package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.FeatureCache;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.files.NamedClass;
import io.millrace.training.link.Decoder;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.Network;
import io.millrace.training.optim.Schedule;
import io.millrace.training.parallel.PartitionSettings;
import io.millrace.training.parallel.PartitionedRows;
import io.millrace.training.task.LinkPrediction;
import io.millrace.training.task.NodeClassification;
import io.millrace.training.task.Task;
import io.millrace.training.task.TimedLinkPrediction;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineBuilder;
import io.millrace.transfer.SharedBatches;
import io.millrace.transfer.SharedSource;
import io.millrace.transfer.trace.PipelineTrace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the parts of a training from a dataset and {@link TrainerSettings}, after checking that
 * they fit each other. Immutable; the dataset stays the caller's.
 *
 * @param task what the model learns to predict
 */
record TrainingSetup(GraphDataset data, TrainerSettings settings, Task task) {
  /**
   * @throws BadInputException if dataset and settings do not fit each other
   */
  TrainingSetup(GraphDataset data, TrainerSettings settings) {
    settings.partition().ifPresentOrElse(_ -> data.rowsHere(), data::features);
    EdgeNeeds.require(settings.model(), data);
    GraphDataset answered = settings.regression() ? data.withTargetsAsLabels() : data;
    this(answered, settings, task(answered, settings));
    settings
        .directory()
        .filter(_ -> settings.ranks().isFirst())
        .ifPresent(ModelFile::requireWritable);
    settings.directory().or(settings::resumeFrom).ifPresent(_ -> requireStorable());
  }

  void requireStorable() {
    ModelInfo.requireStorable(settings.model());
    settings.objective().requireStorable();
    requireStorable(settings.optimizer().schedule());
  }

  private static void requireStorable(Schedule schedule) {
    if (schedule instanceof Schedule.WarmUp(int _, Schedule then)) {
      requireStorable(then);
    } else if (!SettingsText.NAMES.containsKey(schedule.getClass())) {
      NamedClass.requireStorable(schedule, "schedule");
    }
  }

  private static Task task(GraphDataset data, TrainerSettings settings) {
    if (settings.links().isEmpty()) {
      return new NodeClassification(data, settings.objective());
    }
    LinkObjective links = settings.links().get();
    return links.byTime().isPresent()
        ? TimedLinkPrediction.of(data, links, settings.objective())
        : LinkPrediction.of(data, links, settings.objective());
  }

  EpochPlan trainingPlan() {
    return task.trainingPlan(settings.batchSize(), settings.samplingSeed())
        .divided(settings.virtualNodes().number());
  }

  EpochPlan.Epoch predictionEpoch(int[] nodes) {
    return task.predictionEpoch(nodes, settings.evalBatchSize(), settings.samplingSeed());
  }

  EpochPlan.Epoch evaluationEpoch(Split split) {
    return task.evaluationEpoch(split, settings.evalBatchSize(), settings.samplingSeed());
  }

  /** With its first weights; the caller closes it. */
  Network newNetwork() {
    return Network.on(
        settings.device().device(),
        settings.model(),
        data.rowsHere().dim(),
        task.outputDim(),
        decoder().network(task.outputDim()),
        settings.seeds().firstWeights());
  }

  private Decoder decoder() {
    return settings.links().map(LinkObjective::decoder).orElse(Decoder.DOT);
  }

  /**
   * For training and, with the other fanout, for evaluation; the caller closes it. float16 features
   * go to a GPU as they are, because the bus is narrow; for the CPU the workers widen them.
   *
   * @param cache where the rows come from, if there is one
   * @param parts where they come from, if they are divided among ranks
   */
  BatchPipeline newPipeline(
      PipelineTrace trace, Optional<FeatureCache> cache, Optional<PartitionedRows> parts) {
    PipelineBuilder builder = pipeline().trace(trace);
    cache.ifPresent(it -> builder.features(it.features()));
    parts.ifPresent(it -> builder.features(it.features()));
    return builder.build();
  }

  /** What others sample, too; the caller closes it. */
  SharedSource join(SharedBatches shared, PipelineTrace trace) {
    String kind =
        String.join(
            ", ",
            data.name() + " " + data.fingerprint() + " " + System.identityHashCode(data.graph()),
            settings.fanout().numHops() + " hops",
            settings.draw().toString(),
            settings.timeRule().toString(),
            settings.model().edgeColumns().toString(),
            settings.model().usesDegrees() + " " + settings.model().usesWeightedDegrees(),
            settings.virtualNodes().perWave() + " held",
            featureType() + " on " + settings.device().name());
    return shared.join(kind, settings.fanout(), this::pipeline, trace);
  }

  private PipelineBuilder pipeline() {
    PipelineBuilder builder =
        EdgeNeeds.apply(settings.model(), BatchPipeline.builder(data, settings.fanout()))
            .draw(settings.draw())
            .settings(settings.pipeline())
            .held(settings.virtualNodes().perWave())
            .featureType(featureType());
    settings.timeRule().ifPresent(builder::times);
    if (settings.device() instanceof TorchDevice.Gpu gpu) {
      builder.device(gpu.cuda());
    }
    return builder;
  }

  /** If one is asked for and is of use; the caller closes it, after the source. */
  Optional<FeatureCache> newCache() {
    return settings
        .featureCache()
        .filter(_ -> settings.sharedBatches().isEmpty())
        .filter(_ -> FeatureCache.isUseful(data))
        .map(it -> newCache(it));
  }

  private FeatureCache newCache(CacheSettings cache) {
    int batchSize = Math.ceilDiv(settings.batchSize(), settings.virtualNodes().number());
    return FeatureCache.of(
        cache,
        data,
        task.trainingSeeds(),
        task.numSeeds(batchSize),
        settings.fanout(),
        featureType());
  }

  /** If the rows are divided among ranks, which call it together; the caller closes it. */
  Optional<PartitionedRows> newParts() {
    return settings.partition().map(it -> newParts(it));
  }

  private PartitionedRows newParts(PartitionSettings parts) {
    int batchSize = Math.ceilDiv(settings.batchSize(), settings.virtualNodes().number());
    return PartitionedRows.of(
        parts,
        settings.ranks(),
        data,
        task.trainingSeeds(),
        task.numSeeds(batchSize),
        settings.fanout(),
        featureType());
  }

  private FeatureType featureType() {
    return settings.pipeline().featureType().orElseGet(this::defaultFeatureType);
  }

  private FeatureType defaultFeatureType() {
    return switch (settings.device()) {
      case TorchDevice.Cpu _ -> FeatureType.FLOAT32;
      case TorchDevice.Gpu _, TorchDevice.CopyingGpu _ -> data.rowsHere().type();
    };
  }

  /** Dataset and settings that the result depends on, by name. */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("dataset", data.name() + " " + data.fingerprint());
    identity.putAll(settings.identity());
    return identity;
  }

  /** All that ranks must have in common, by name. */
  Map<String, String> common() {
    Map<String, String> common = new LinkedHashMap<>(identity());
    common.putAll(settings.common());
    return common;
  }

  /**
   * What is stored with the weights of an epoch.
   *
   * @param epoch from 1; 0 before the first one
   * @param valid on the validation nodes after it, if they were evaluated
   */
  ModelInfo info(int epoch, Optional<Evaluation> valid) {
    return new ModelInfo(
        settings.model(),
        data.rowsHere().dim(),
        task.outputDim(),
        task.answers(),
        data.name(),
        data.fingerprint(),
        settings.fanout().toString(),
        settings.seed(),
        epoch,
        valid.map(Evaluation::accuracy).orElse(Double.NaN),
        settings.objective().text(),
        decoder());
  }
}
