package io.millrace.cli;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Residence;
import io.millrace.datasets.Split;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Runs;
import io.millrace.training.TrainerBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains a model, evaluates it after every epoch, and tests it with the weights of the best one.
 * The next class to read is {@link TrainOptions}.
 */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a model by sampled neighbourhoods, evaluates it after every epoch, and tests it with"
          + " the weights of the best one."
    },
    footer = "%nWith --debug the result has the digest of all batches.")
final class TrainCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DATASET",
      description = "A dataset directory (default: a built-in synthetic graph).")
  private Optional<Path> dataset = Optional.empty();

  @Mixin private TrainOptions options;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Train N times, with --seed and the seeds after it; give mean and deviation"
              + " (in JSON 0 for one run).")
  private int numRuns;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Keep the best model here; with several runs, each run's in DIR/seed-N.")
  private Optional<Path> save = Optional.empty();

  @Option(
      names = "--residence",
      paramLabel = "auto|mapped|in-memory",
      defaultValue = "auto",
      description =
          "Where the dataset lies: mapped from its files, or copied into memory on huge pages,"
              + " which auto does if it takes at most a quarter of it (default: ${DEFAULT-VALUE}).")
  private Residence residence;

  TrainCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    save.ifPresent(TrainCommand::requireFree);
    Devices.requireUsable(common.device, output);
    Path directory = dataset.orElseGet(() -> BuiltInGraph.make(output));
    try (GraphDataset data = GraphDataset.open(directory, residence)) {
      output.note(
          "dataset: %s, %s nodes, %s edges",
          data.name(), Text.count(data.graph().numNodes()), Text.count(data.graph().numEdges()));
      noteUnlabelled(data, output);
      Runs runs = Runs.run(numRuns, run -> fit(data, common, run, output));
      String model = Choices.label(options.kind);
      TrainResult.print(model + " on " + data.name(), runs, options.epochs, common, output);
      suggestNext(output);

      Map<String, Object> result = new LinkedHashMap<>();
      result.put("command", "train");
      result.put("dataset", data.name());
      result.put("model", model);
      result.put("settings", options.settings());
      result.putAll(TrainResult.json(runs, common.seed));
      return result;
    }
  }

  private FitResult fit(GraphDataset data, CommonOptions common, long run, Output output) {
    long seed = common.seed + run;
    TrainerBuilder builder = options.trainer(data, common).seed(seed);
    save.map(dir -> numRuns == 1 ? dir : dir.resolve("seed-" + seed)).ifPresent(builder::saveTo);
    String task = numRuns == 1 ? "" : Text.format("run %d/%d", run + 1, numRuns);
    FitResult result = fit(builder, task, output);
    if (numRuns > 1) {
      output.note("%s: %s", task, TrainResult.summary(result, options.epochs));
    }
    return result;
  }

  private FitResult fit(TrainerBuilder builder, String task, Output output) {
    try (GraphTrainer trainer = builder.build();
        TrainingProgress progress = new TrainingProgress(output, task, options.epochs)) {
      return trainer.fit(options.epochs, progress);
    }
  }

  private static void noteUnlabelled(GraphDataset data, Output output) {
    for (Split split : Split.values()) {
      if (data.hasLabels() && data.hasSplit(split)) {
        NodeLabels labels = data.labels();
        int[] nodes = data.nodes(split);
        long numUnlabelled =
            Arrays.stream(nodes).filter(v -> labels.get(v) == NodeLabels.UNLABELLED).count();
        if (numUnlabelled > 0) {
          output.note(
              "%s: %s of %s nodes have no label",
              split.fileName(), Text.count(numUnlabelled), Text.count(nodes.length));
        }
      }
    }
  }

  private void suggestNext(Output output) {
    if (dataset.isPresent()) {
      return;
    }
    if (options.kind == ModelKind.MLP) {
      output.note("compare: millrace train                (the same nodes with their graph)");
    } else {
      output.note("compare: millrace train --model mlp    (the same nodes without their graph)");
    }
    output.note("your own: millrace import ogb SRC --out DIR, then millrace train DIR");
  }

  private static void requireFree(Path directory) {
    if (Files.exists(directory)) {
      throw BadInputException.of("output exists already", "--save", directory);
    }
  }
}
