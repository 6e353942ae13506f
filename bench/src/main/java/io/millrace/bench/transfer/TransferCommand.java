package io.millrace.bench.transfer;

import io.millrace.BadInputException;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.Placement;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures copies to a GPU. */
@Command(
    name = "transfer",
    sortOptions = false,
    description =
        "Measures copies to the GPU from page-locked and pageable slots of several sizes, next to"
            + " one large copy.")
public final class TransferCommand extends Subcommand {
  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "3",
      description = "Copies under way at a time (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec;

  public TransferCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (common.device() == DeviceChoice.CPU) {
      throw new BadInputException("bench transfer copies to a GPU: leave out --device cpu");
    }
    TransferSettings settings = TransferSettings.of(slots, rounds);
    return switch (Placement.of(DeviceChoice.GPU)) {
      case Placement.Cpu(String reason) -> throw new IllegalStateException(reason);
      case Placement.Gpu gpu -> measure(gpu, settings, output);
    };
  }

  private Map<String, Object> measure(Placement.Gpu gpu, TransferSettings settings, Output output) {
    Map<String, Object> result = Environment.of(spec);
    Environment.putGpu(result);
    result.put("settings", settings.toMap());
    TransferResult measured;
    try (StageProgress progress = output.stages()) {
      measured = new TransferContest(gpu.cuda(), settings).measure(progress);
    }
    measured.print(output);
    result.putAll(measured.json());
    return result;
  }
}
