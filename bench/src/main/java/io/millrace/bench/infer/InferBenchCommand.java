package io.millrace.bench.infer;

import io.millrace.bench.harness.DatasetOptions;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.infer.TrainedModel;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.InferenceMode;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures inference layer by layer over all nodes, next to sampled inference over some. */
@Command(
    name = "infer",
    sortOptions = false,
    description =
        "Measures exact inference over all nodes, layer by layer, next to sampled inference with"
            + " the same model over some of them.")
public final class InferBenchCommand extends Subcommand {
  @Mixin private TrainedModel trained;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description =
          "Neighbours per layer of sampled inference, from the node outwards (default: 20 each).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "20480",
      description = "Random nodes that are inferred by sampling (default: ${DEFAULT-VALUE}).")
  private int numNodes;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "Memory of inference layer by layer (default: ${DEFAULT-VALUE}).")
  private ByteSize memory;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Inferences of each kind, in turns, in one JVM; those of median time are reported"
              + " (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private DatasetOptions residence;
  @Spec private CommandSpec spec;

  public InferBenchCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    TorchDevice device = TorchDevice.of(common.device());
    output.note("device: %s", device.description());
    ModelFile file = trained.read();
    InferBenchSettings settings = settings(common, file.info().model().numHops());
    Map<String, Object> result = Environment.of(spec);
    Environment.putDevice(result, device);
    InferBenchResult measured;
    try (GraphDataset data = residence.open(trained.dataset(), StorageMode.MAPPED);
        InferContest contest = new InferContest(data, file, settings, device)) {
      Environment.putDataset(result, data);
      result.put("settings", settings.toMap());
      result.putAll(residence.toMap());
      measured = contest.measure(residence.before(data, trained.dataset()));
    }
    measured.print(output);
    result.putAll(measured.json());
    return result;
  }

  private InferBenchSettings settings(CommonOptions common, int numHops) {
    return new InferBenchSettings(
        fanout.orElseGet(() -> InferenceMode.defaultFanout(numHops)),
        numNodes,
        memory.bytes(),
        common.workers().orElse(BatchPipeline.defaultWorkers()),
        rounds,
        common.seed());
  }
}
