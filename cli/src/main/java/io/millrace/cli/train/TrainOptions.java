package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.data.TimeOptions;
import io.millrace.cli.ranks.RankOptions;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.models.ModelKind;
import io.millrace.transfer.PipelineSettings;
import io.millrace.tuning.balance.Balance;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of model and batches, to be passed to a {@link TrainerBuilder}. The next class to
 * read is {@code LearningOptions}.
 */
@Internal
public final class TrainOptions {
  /** Options that the result does not depend on. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "virtual_per_wave",
          "slots",
          "device_slots",
          "id_map",
          "feature_type",
          "evaluation_cache");

  @Mixin ModelOptions model;
  @Mixin LearningOptions learning;
  @Mixin FeatureCacheOptions cache;
  @Mixin LinkOptions link;
  @Mixin private TimeOptions times;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description =
          "Neighbours to sample per layer, from the seeds outwards; -1 = all (default:"
              + " 15,10,5,5,...).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(
      names = "--eval-fanout",
      paramLabel = "all|N,N,...",
      description =
          "Neighbours per layer in validation and test; all = every neighbour (default: "
              + TrainerBuilder.EVAL_FANOUT
              + " each).")
  private Optional<EvalFanout> evalFanout = Optional.empty();

  @Option(
      names = "--draw",
      paramLabel = "HOW",
      defaultValue = "uniform",
      description =
          "How neighbours are drawn: uniform, replace (with replacement), weighted or"
              + " weighted-replace (by edge weights), weighted-estimate (for models that multiply"
              + " by weights), labor (fewer nodes a batch), labor-dependent or latest (by"
              + " edge times; default: ${DEFAULT-VALUE}).")
  private Draw draw;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "" + TrainerBuilder.BATCH_SIZE,
      description = "Seeds per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--virtual-nodes",
      paramLabel = "V",
      defaultValue = "1",
      description =
          "Divide the seeds of each batch into V parts that are computed one by one before the"
              + " weights change: a batch needs the memory of a part (default: ${DEFAULT-VALUE}).")
  private int virtualNodes;

  @Option(
      names = "--virtual-per-wave",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Parts in memory at a time; the result is the same (default: ${DEFAULT-VALUE}).")
  private int virtualPerWave;

  @Option(
      names = "--eval-batch-size",
      paramLabel = "N",
      description =
          "Seeds per batch in validation and test (default: as in training, or as a virtual node"
              + " there). With all neighbours, smaller batches need less memory.")
  private Optional<Integer> evalBatchSize = Optional.empty();

  @Option(
      names = "--evaluation-cache",
      paramLabel = "SIZE",
      description =
          "Memory for batches of the validation nodes, which are the same in each epoch, for"
              + " instance 2g: those that fit are sampled once; the result is the same (default:"
              + " none).")
  private Optional<ByteSize> evaluationCache = Optional.empty();

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Batches in memory at a time (default: one per worker, one that is ready, and as many as"
              + " --virtual-per-wave; on a GPU as many as --device-slots instead).")
  private Optional<Integer> slots = Optional.empty();

  @Option(
      names = "--device-slots",
      paramLabel = "N",
      description =
          "Batches on the GPU at a time; with 1, no copy overlaps with compute (default: 2 more"
              + " than --virtual-per-wave).")
  private Optional<Integer> deviceSlots = Optional.empty();

  @Option(
      names = "--id-map",
      paramLabel = "auto|flat-hash|direct-address",
      defaultValue = "auto",
      description =
          "How sampling finds the local id of a node: by a hash of the batch's nodes, or by an"
              + " array over all nodes of the graph; auto takes the array if it is small (default:"
              + " ${DEFAULT-VALUE}).")
  private IdMapKind idMap;

  @Option(
      names = "--feature-type",
      paramLabel = "float32|float16",
      description =
          "The type of the features in a batch, if the dataset stores float16: as stored, or"
              + " widened by the workers; the result is the same (default: as stored on a GPU,"
              + " float32 on the CPU).")
  private Optional<FeatureType> featureType = Optional.empty();

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description =
          "Threads of the model's operations; 1 = repeatable losses (default: all cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--sampling-seed",
      paramLabel = "N",
      description =
          "Seed of the batches, so that trainings of other seeds see the same ones (default: that"
              + " of --seed).")
  private Optional<Long> samplingSeed = Optional.empty();

  private Optional<Balance> balance = Optional.empty();

  TrainerBuilder trainer(GraphDataset data, CommonOptions common) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(model.model(numHops(), data.edges().columns()))
            .fanout(trainFanout())
            .evalFanout(evalFanout())
            .draw(draw)
            .batchSize(batchSize)
            .virtualNodes(virtualNodes)
            .virtualNodesPerWave(virtualPerWave);
    times.rule().ifPresent(builder::times);
    learning.apply(builder);
    if (link.isRegression()) {
      builder.regression();
    }
    cache.apply(builder);
    evalBatchSize.ifPresent(builder::evalBatchSize);
    builder.pipeline(
        new PipelineSettings(
            number(common.workers), number(slots), number(deviceSlots), idMap, featureType));
    computeThreads.ifPresent(builder::computeThreads);
    evaluationCache.ifPresent(it -> builder.evaluationCache(it.bytes()));
    samplingSeed.ifPresent(builder::samplingSeed);
    return builder;
  }

  /** What {@code tune} does not decide of the pipeline. */
  PipelineSettings untuned() {
    PipelineSettings settings = PipelineSettings.defaults();
    return deviceSlots.map(settings::deviceSlots).orElse(settings);
  }

  /**
   * Divides the batches among ranks, unless the options say how, and the cores of this machine
   * among those that are here.
   */
  void share(RankOptions ranks) {
    ranks
        .size()
        .ifPresent(
            size -> {
              batchSize = ranks.batchSize().orElse(batchSize);
              Optional<Integer> given = Optional.of(virtualNodes).filter(it -> it > 1);
              balance = ranks.balance(batchSize, given);
              virtualNodes = balance.map(Balance::virtualNodes).orElse(given.orElse(size));
              int cores = Runtime.getRuntime().availableProcessors();
              computeThreads =
                  Optional.of(computeThreads.orElse(Math.max(1, cores / ranks.numHere())));
            });
  }

  /** How unequal machines share a batch, once {@link #share} has found it. */
  Optional<Balance> balance() {
    return balance;
  }

  int batchSize() {
    return batchSize;
  }

  int virtualNodes() {
    return virtualNodes;
  }

  /** Refuses an impossible model before anything is read or written. */
  void requireModel() {
    model.model(numHops());
  }

  /** The options that the result depends on, for JSON; the model must be possible. */
  Map<String, Object> settings() {
    Map<String, Object> settings = model.settings(numHops());
    settings.putAll(OptionValues.of(this));
    settings.keySet().removeAll(WITHOUT_EFFECT);
    boolean samples = model.kind != ModelKind.MLP;
    settings.replace("fanout", samples ? trainFanout().toString() : null);
    settings.replace("eval_fanout", samples ? evalFanout().toString() : null);
    settings.replace(
        "eval_batch_size",
        evalBatchSize.orElse(TrainerBuilder.defaultEvalBatchSize(batchSize, virtualNodes)));
    settings.putAll(learning.settings(link.answers()));
    settings.putAll(link.settings());
    times.rule().ifPresent(rule -> settings.put("times", rule.toString()));
    return settings;
  }

  private Optional<Integer> numHops() {
    return fanout.map(Fanout::numHops);
  }

  private static OptionalInt number(Optional<Integer> option) {
    return option.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private Fanout trainFanout() {
    return fanout.orElseGet(() -> TrainerBuilder.defaultFanout(model.numLayers(numHops())));
  }

  private Fanout evalFanout() {
    return evalFanout
        .map(fanout -> fanout.of(model.numLayers(numHops())))
        .orElseGet(() -> TrainerBuilder.defaultEvalFanout(model.numLayers(numHops())));
  }
}
