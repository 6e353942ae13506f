package io.millrace.bench.step;

import io.millrace.BadInputException;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.DeviceChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures training steps on layers of fixed sizes. */
@Command(
    name = "step",
    sortOptions = false,
    description =
        "Measures a GraphSAGE training step (forward, backward, Adam) on layers of 270,000, 104,000"
            + " and 15,000 edges, next to the same step without aggregation and with other"
            + " formulations of the mean.")
public final class StepCommand extends Subcommand {
  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "256",
      description = "Values per node between the layers (default: ${DEFAULT-VALUE}).")
  private int hidden;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of the model's operations (default: all cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "15",
      description = "Steps of each variant; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec;

  public StepCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (common.device() == DeviceChoice.GPU) {
      throw new BadInputException("bench step computes on the CPU: leave out --device gpu");
    }
    int threads = computeThreads.orElse(Runtime.getRuntime().availableProcessors());
    StepSettings settings = new StepSettings(hidden, threads, rounds, common.seed());
    TorchEngine.start();
    List<StepLayer> layers = SyntheticLayers.of(settings.seed());
    Map<String, Object> result = Environment.of(spec);
    result.put("device", "cpu");
    result.put("settings", settings.toMap());
    result.put("num_edges", layers.stream().map(StepLayer::numEdges).toList());
    StepResult measured;
    try (StageProgress progress = output.stages()) {
      measured = StepContest.run(layers, settings, progress);
    }
    measured.print(output);
    output.result("on %s compute threads", Format.count(threads));
    result.putAll(measured.json());
    return result;
  }
}
