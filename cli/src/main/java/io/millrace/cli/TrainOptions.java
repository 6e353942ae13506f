package io.millrace.cli;

import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.GraphModel;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Norm;
import io.millrace.training.TrainerBuilder;
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
  @Mixin LearningOptions learning;

  private static final int DEFAULT_LAYERS = 2;
  private static final int[] DEFAULT_FANOUT = {15, 10, 5};
  private static final int DEFAULT_EVAL_FANOUT = 20;

  @Option(
      names = "--model",
      paramLabel = "sage|mlp",
      defaultValue = "sage",
      description = "GraphSAGE with means, or an MLP that ignores the graph (default: sage).")
  ModelKind kind;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Layers (default: as many as --fanout has entries, else 2).")
  private Optional<Integer> layers = Optional.empty();

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Values per node between the layers (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--norm",
      paramLabel = "none|batch",
      defaultValue = "batch",
      description = "Normalisation between the layers (default: ${DEFAULT-VALUE}).")
  private Norm norm;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      defaultValue = "0.5",
      description = "Share of the hidden values set to 0 in training (default: ${DEFAULT-VALUE}).")
  private double dropout;

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
      names = "--eval-batch-size",
      paramLabel = "N",
      description =
          "The same for validation and test (default: as --batch-size). With all neighbours,"
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
      description = "Batches on the GPU at a time, at least 2 (default: 3).")
  private Optional<Integer> deviceSlots = Optional.empty();

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description =
          "Threads of the model's operations; 1 = repeatable losses (default: all cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  TrainerBuilder trainer(GraphDataset data, CommonOptions common) {
    GraphModel model = kind.model(hidden, numLayers(), dropout, norm);
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(model)
            .fanout(trainFanout())
            .evalFanout(evalFanout())
            .batchSize(batchSize);
    learning.apply(builder);
    evalBatchSize.ifPresent(builder::evalBatchSize);
    common.workers.ifPresent(builder::workers);
    slots.ifPresent(builder::slots);
    deviceSlots.ifPresent(builder::deviceSlots);
    computeThreads.ifPresent(builder::computeThreads);
    return builder;
  }

  /** What the result depends on, for JSON. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("layers", numLayers());
    settings.put("hidden", hidden);
    settings.put("norm", Choices.label(norm));
    settings.put("dropout", dropout);
    boolean samples = kind != ModelKind.MLP;
    settings.put("fanout", samples ? trainFanout().toString() : null);
    settings.put("eval_fanout", samples ? evalFanout().toString() : null);
    settings.put("batch_size", batchSize);
    settings.put("eval_batch_size", evalBatchSize.orElse(batchSize));
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
