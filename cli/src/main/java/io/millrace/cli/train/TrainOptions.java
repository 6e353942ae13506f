package io.millrace.cli.train;

import io.millrace.cli.command.CommonOptions;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.models.ModelKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The settings of model and batches, from the command line to a {@link TrainerBuilder}. The next
 * class to read is {@link LearningOptions}.
 */
final class TrainOptions {
  private static final int DEFAULT_LAYERS = 2;
  private static final int[] DEFAULT_FANOUT = {15, 10, 5};
  private static final int DEFAULT_EVAL_FANOUT = 20;

  @Mixin ModelOptions model;
  @Mixin LearningOptions learning;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Layers (default: as many as --fanout has entries, else 2).")
  private Optional<Integer> layers = Optional.empty();

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description =
          "Neighbours to sample per layer, next to the seeds first; -1 = all (default:"
              + " 15,10,5,5,...).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(
      names = "--eval-fanout",
      paramLabel = "all|N,N,...",
      description = "The same for validation and test; all = every neighbour (default: 20 each).")
  private Optional<EvalFanout> evalFanout = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Seeds per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--virtual-nodes",
      paramLabel = "V",
      defaultValue = "1",
      description =
          "Divide the seeds of each batch into V parts that are computed one by one before the"
              + " weights move: a batch needs the memory of a part (default: ${DEFAULT-VALUE}).")
  private int virtualNodes;

  @Option(
      names = "--virtual-per-wave",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Have K of them in memory at a time; the result is the same (default: ${DEFAULT-VALUE}).")
  private int virtualPerWave;

  @Option(
      names = "--eval-batch-size",
      paramLabel = "N",
      description =
          "The same for validation and test (default: as in training, or as a virtual node"
              + " there). With all neighbours,"
              + " smaller ones need less memory.")
  private Optional<Integer> evalBatchSize = Optional.empty();

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Batches in memory at a time (default: one per worker and two).")
  private Optional<Integer> slots = Optional.empty();

  @Option(
      names = "--device-slots",
      paramLabel = "N",
      description =
          "Batches on the GPU at a time; with 1, no copy overlaps with compute (default: 3).")
  private Optional<Integer> deviceSlots = Optional.empty();

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description =
          "Threads of the model's operations; 1 = repeatable losses (default: all cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  TrainerBuilder trainer(GraphDataset data, CommonOptions common) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(model.model(numLayers()))
            .fanout(trainFanout())
            .evalFanout(evalFanout())
            .batchSize(batchSize)
            .virtualNodes(virtualNodes)
            .virtualNodesPerWave(virtualPerWave);
    learning.apply(builder);
    evalBatchSize.ifPresent(builder::evalBatchSize);
    common.workers.ifPresent(builder::workers);
    slots.ifPresent(builder::slots);
    deviceSlots.ifPresent(builder::deviceSlots);
    computeThreads.ifPresent(builder::computeThreads);
    return builder;
  }

  /** Refuses a model that cannot be, before anything is read or made. */
  void requireModel() {
    model.model(numLayers());
  }

  /** What the result depends on, for JSON; of a training that could be. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    model.describe(model.model(numLayers()), settings);
    boolean samples = model.kind != ModelKind.MLP;
    settings.put("fanout", samples ? trainFanout().toString() : null);
    settings.put("eval_fanout", samples ? evalFanout().toString() : null);
    settings.put("batch_size", batchSize);
    settings.put("virtual_nodes", virtualNodes);
    settings.put("eval_batch_size", evalBatchSize.orElse(Math.ceilDiv(batchSize, virtualNodes)));
    settings.putAll(learning.settings());
    settings.put("compute_threads", computeThreads.orElse(null));
    return settings;
  }

  private int numLayers() {
    return layers.or(() -> fanout.map(Fanout::numHops)).orElse(DEFAULT_LAYERS);
  }

  /** By default as many entries as there are layers, the last one repeated. */
  private Fanout trainFanout() {
    int[] byDefault =
        IntStream.range(0, Math.max(0, numLayers()))
            .map(i -> DEFAULT_FANOUT[Math.min(i, DEFAULT_FANOUT.length - 1)])
            .toArray();
    return fanout.orElse(Fanout.of(byDefault));
  }

  private Fanout evalFanout() {
    return evalFanout
        .map(fanout -> fanout.of(numLayers()))
        .orElseGet(() -> Fanout.uniform(DEFAULT_EVAL_FANOUT, numLayers()));
  }
}
