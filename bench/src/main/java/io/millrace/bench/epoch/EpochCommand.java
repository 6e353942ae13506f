package io.millrace.bench.epoch;

import io.millrace.bench.harness.DatasetOptions;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.data.BuiltInGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.Fanout;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures epochs of training. */
@Command(
    name = "epoch",
    sortOptions = false,
    description =
        "Measures an epoch of GraphSAGE, one change at a time: serial, +workers, +pinned, +overlap,"
            + " and where its time goes. --workers prepare the batches (default: one for every two"
            + " cores).")
public final class EpochCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DATASET",
      description =
          "A dataset directory with features and labels (default: the built-in graph of train).")
  private Optional<Path> dataset = Optional.empty();

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      defaultValue = "15,10",
      description =
          "Neighbours per hop, from the seeds outwards; -1 = all (default: ${DEFAULT-VALUE}).")
  private Fanout fanout;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "128",
      description = "Values per node between the layers (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Seeds per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of the model's operations (default: the cores without a worker).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Epochs of each variant; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--tracing",
      description =
          "Measure instead what it costs that stages are recorded: with and without, in turns.")
  private boolean tracing;

  @Mixin private DatasetOptions residence;
  @Spec private CommandSpec spec;

  public EpochCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    EpochSettings settings = settings(common);
    TorchDevice device = TorchDevice.of(common.device());
    output.note("device: %s", device.description());
    Map<String, Object> result = Environment.of(spec);
    Environment.putDevice(result, device);
    Path directory = dataset.orElseGet(() -> BuiltInGraph.make(output));
    try (GraphDataset data = residence.open(directory, StorageMode.AUTO)) {
      Environment.putDataset(result, data);
      result.put("dim", data.features().dim());
      result.put("settings", settings.toMap());
      result.putAll(residence.toMap());
      Runnable before = residence.before(data, directory);
      output.note(
          "dataset: %s, %s nodes, %s edges; %d workers, %d compute threads",
          data.name(),
          Format.count(data.graph().numNodes()),
          Format.count(data.graph().numEdges()),
          settings.numWorkers(),
          settings.computeThreads());
      result.putAll(
          tracing
              ? tracing(data, settings, device, output)
              : epochs(data, before, settings, device, output));
      return result;
    }
  }

  private static Map<String, Object> epochs(
      GraphDataset data,
      Runnable before,
      EpochSettings settings,
      TorchDevice device,
      Output output) {
    EpochResult measured;
    try (StageProgress progress = output.stages();
        EpochContest contest = new EpochContest(data, settings, device)) {
      measured = contest.measure(before, progress);
    }
    measured.print(output);
    return measured.json();
  }

  private static Map<String, Object> tracing(
      GraphDataset data, EpochSettings settings, TorchDevice device, Output output) {
    try (StageProgress progress = output.stages();
        TracingContest contest = new TracingContest(data, settings, device)) {
      contest.measure(progress);
      contest.print(output);
      return contest.json();
    }
  }

  private EpochSettings settings(CommonOptions common) {
    int numCores = Runtime.getRuntime().availableProcessors();
    int numWorkers = common.workers().orElse(BatchPipeline.defaultWorkers());
    return new EpochSettings(
        fanout,
        hidden,
        batchSize,
        numWorkers,
        computeThreads.orElse(Math.max(1, numCores - numWorkers)),
        rounds,
        common.seed());
  }
}
