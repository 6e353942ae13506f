package io.millrace.bench.slicer;

import io.millrace.bench.harness.DatasetOptions;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the row gather. */
@Command(
    name = "slicer",
    sortOptions = false,
    description =
        "Measures gathering feature rows on 1, 2, 4, ... --workers threads (default: all), in C"
            + " and in Java, next to a plain copy and what others do.")
public final class SlicerCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DATASET",
      description =
          "A dataset directory (default: 2 million rows of 100 values, as float32 and float16).")
  private Optional<Path> dataset = Optional.empty();

  @Option(
      names = "--batch-rows",
      paramLabel = "N",
      defaultValue = "129000",
      description = "Random rows per batch (default: ${DEFAULT-VALUE}).")
  private int batchRows;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "10",
      description = "Batches per round and thread (default: ${DEFAULT-VALUE}).")
  private int batches;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private DatasetOptions residence;
  @Spec private CommandSpec spec;

  public SlicerCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    GatherSettings settings =
        new GatherSettings(
            batchRows,
            batches,
            rounds,
            common.seed(),
            common.workers().orElse(Runtime.getRuntime().availableProcessors()));
    Map<String, Object> result = Environment.of(spec);
    if (dataset.isPresent()) {
      try (GraphDataset data = residence.open(dataset.get(), StorageMode.AUTO)) {
        result.put("dataset", data.name());
        result.putAll(residence.toMap());
        Runnable before = residence.before(data, dataset.get());
        measure(List.of(data.features()), before, settings, output, result);
      }
    } else {
      try (Arena arena = Arena.ofShared()) {
        result.put("dataset", null);
        measure(
            Stream.of(FeatureType.FLOAT32, FeatureType.FLOAT16)
                .map(type -> BuiltInRows.make(type, arena))
                .toList(),
            () -> {},
            settings,
            output,
            result);
      }
    }
    return result;
  }

  private static void measure(
      List<FeatureMatrix> matrices,
      Runnable before,
      GatherSettings settings,
      Output output,
      Map<String, Object> result) {
    FeatureMatrix first = matrices.getFirst();
    result.put("num_nodes", first.numNodes());
    result.put("dim", first.dim());
    result.put("settings", settings.toMap());
    output.note("%s rows of %d values", Format.count(first.numNodes()), first.dim());
    GatherResult measured;
    try (StageProgress progress = output.stages();
        GatherContest contest = new GatherContest(settings, progress)) {
      measured =
          contest.measure(
              matrices.stream().flatMap(m -> GatherTable.of(m).stream()).toList(), before);
    }
    measured.print(output);
    result.putAll(measured.json());
  }
}
