package io.millrace.cli.train;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.DiskOption;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.training.torch.TorchDevice;
import io.millrace.tuning.Choice;
import io.millrace.tuning.Storage;
import io.millrace.tuning.TuneResult;
import io.millrace.tuning.Tuner;
import io.millrace.tuning.model.Resources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the fastest workers, compute threads and slots for a training on this machine. */
@Command(
    name = "tune",
    sortOptions = false,
    description = {
      "Finds the fastest number of workers, compute threads and slots for a training, and where its"
          + " data is held, by short trainings on this machine. The result of the training does not"
          + " change."
    })
@Internal
public final class TuneCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Mixin private TrainOptions options;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "" + Tuner.BATCHES,
      description = "Batches of each short training (default: ${DEFAULT-VALUE}).")
  private int batches;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + Tuner.ROUNDS,
      description =
          "Rounds in which the best settings are measured in turns (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "For batches, dataset and feature cache together, such as 500m or 2g (default: as much as"
              + " is available).")
  private Optional<ByteSize> memory = Optional.empty();

  @Mixin private DiskOption disk;

  @Option(
      names = "--grid",
      description =
          "Measure a grid of settings, too, and report how far their predictions were off.")
  private boolean grid;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the settings here, for train --settings FILE.")
  private Optional<Path> out = Optional.empty();

  public TuneCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    options.requireModel();
    options.link.requireNodes("tune");
    out.ifPresent(file -> IoErrors.requireFolder(file, "settings file", "--out"));
    TorchDevice device = TorchDevice.of(common.device);
    output.note("device: %s", device.description());
    try (TunedDataset data =
            new TunedDataset(
                dataset,
                options.untuned(),
                it -> options.trainer(it, common).device(device).seed(common.seed));
        StageProgress progress = output.stages()) {
      Tuner tuner = new Tuner(data, batches, rounds, resources());
      TuneResult result = tuner.run(progress);
      TuneText.print(data.name(), result, output);
      out.ifPresent(file -> write(file, result, options.untuned().deviceSlots(), output));
      Map<String, Object> json = json(data.name(), result);
      if (grid) {
        GridCheck check = GridCheck.measure(tuner, result, progress);
        check.print(output);
        json.put("grid", check.json());
      }
      return json;
    }
  }

  private Resources resources() {
    long bytes = memory.map(ByteSize::bytes).orElseGet(AvailableMemory::availableBytes);
    return disk.resources().memoryBytes(bytes);
  }

  private static void write(Path file, TuneResult result, OptionalInt deviceSlots, Output output) {
    Choice chosen = result.chosen();
    Storage storage = chosen.storage();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("--workers", "" + chosen.setting().workers());
    values.put("--compute-threads", "" + chosen.setting().computeThreads());
    values.put("--slots", "" + chosen.setting().slots());
    deviceSlots.ifPresent(it -> values.put("--device-slots", "" + it));
    values.put("--residence", EnumOptions.label(storage.residence()));
    values.put("--id-map", EnumOptions.label(storage.idMap()));
    storage.featureType().ifPresent(it -> values.put("--feature-type", EnumOptions.label(it)));
    if (storage.cacheBytes() > 0) {
      values.put("--feature-cache", "" + storage.cacheBytes());
    }
    if (result.evaluation().bytes() > 0) {
      values.put("--evaluation-cache", "" + result.evaluation().bytes());
    }
    new SavedOptions(values).writeTo(file);
    output.note("settings: %s, for train --settings", file);
  }

  private Map<String, Object> json(String name, TuneResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", "tune");
    json.put("dataset", name);
    json.put("predicted", result.predictedRate());
    json.put("measured", result.measuredRate());
    json.put("default_measured", result.standardRate());
    json.put("bad_measured", result.badRate());
    json.put("num_trainings", result.numTrainings());
    json.put("bytes_per_batch", result.costs().slotBytes());
    json.put("setting", TuneText.json(result.chosen()));
    json.put("default_setting", TuneText.json(result.standard()));
    json.put("cache", TuneText.json(result.cache()));
    json.put("evaluation_cache", TuneText.json(result.evaluation()));
    json.put("lp", TuneText.program(result));
    json.put("candidates", TuneText.candidates(result));
    json.put("settings", options.settings());
    return json;
  }
}
