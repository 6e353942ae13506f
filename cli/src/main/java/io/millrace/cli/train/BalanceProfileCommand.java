package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.ranks.ProfileFile;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.torch.TorchDevice;
import io.millrace.tuning.Profiler;
import io.millrace.tuning.balance.RankProfile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how long this machine takes for parts of a batch. */
@Command(
    name = "profile",
    sortOptions = false,
    description = {
      "Measures how long this machine takes for a virtual node of 16, 32, ... up to --batch-size"
          + " seeds, by a short training of each, for train --profiles."
    })
@Internal
public final class BalanceProfileCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Mixin private TrainOptions options;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "" + Profiler.BATCHES,
      description = "Batches of each short training (default: ${DEFAULT-VALUE}).")
  private int batches;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Write it here.")
  private Path out;

  public BalanceProfileCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    Require.positive("--batches", batches);
    options.requireModel();
    options.link.requireNodes("balance profile");
    IoErrors.requireFolder(out, "profile", "--out");
    TorchDevice device = TorchDevice.of(common.device);
    output.note("device: %s", device.description());
    try (GraphDataset data = GraphDataset.open(dataset)) {
      RankProfile profile = measure(data, device, common, output);
      for (RankProfile.Point it : profile.points()) {
        output.result("%d seeds: %.2f ms", it.size(), it.millis());
      }
      ProfileFile.write(out, profile);
      output.note("profile: %s, for train --profiles", out);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("command", "balance profile");
      json.put("dataset", data.name());
      json.put("device", device.name());
      json.put("settings", options.settings());
      json.put("points", profile.points());
      return json;
    }
  }

  private RankProfile measure(
      GraphDataset data, TorchDevice device, CommonOptions common, Output output) {
    try (StageProgress progress = output.stages()) {
      return Profiler.profile(
          () -> options.trainer(data, common).device(device).seed(common.seed),
          Profiler.sizes(options.batchSize()),
          batches,
          progress);
    }
  }
}
