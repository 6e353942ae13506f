package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.Require;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.slicing.partition.Assignment;
import io.millrace.slicing.partition.PartWriter;
import io.millrace.slicing.partition.PartitionQuality;
import io.millrace.slicing.partition.StreamingPartitioner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Divides the nodes of a dataset, so that ranks can divide its feature rows. */
@Command(
    name = "partition",
    sortOptions = false,
    description = {
      "Divides the nodes of a dataset into parts between which few edges run, for train"
          + " --partition; or says how good a division of METIS is."
    })
@Internal
public final class PartitionCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Option(
      names = "--parts",
      paramLabel = "K",
      required = true,
      description = "How many parts: one for each rank.")
  private int numParts;

  @Option(
      names = "--assignment",
      paramLabel = "FILE",
      description = "Take this division: a line for each node with the number of its part.")
  private Optional<Path> assignment = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the division here.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description =
          "Cut the dataset: write DIR/part-0 and so on, datasets with all but the feature rows of"
              + " other parts, for machines that have no more.")
  private Optional<Path> folder = Optional.empty();

  public PartitionCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    Require.positive("--parts", numParts);
    out.ifPresent(file -> IoErrors.requireFolder(file, "division", "--out"));
    folder.ifPresent(PartialDirectory::requireFree);
    try (GraphDataset data = GraphDataset.open(dataset)) {
      folder.ifPresent(_ -> data.features()); // refuses a part before the work
      Assignment parts =
          assignment
              .map(file -> Assignment.read(file, numParts, data.graph().numNodes()))
              .orElseGet(() -> StreamingPartitioner.partition(data, numParts));
      PartitionQuality quality = PartitionQuality.of(data.graph(), parts);
      double random = PartitionQuality.randomCutShare(numParts);
      output.result(
          "edges between parts: %s",
          Format.format("%.1f %% (random: %.1f %%)", 100 * quality.cutShare(), 100 * random));
      output.result("largest part: %s", Format.format("%.3f of the mean", quality.balance()));
      out.ifPresent(parts::write);
      folder.ifPresent(dir -> cut(data, parts, dir, output));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("command", "partition");
      json.put("dataset", data.name());
      json.put("parts", numParts);
      json.put("sizes", parts.sizes());
      json.put("cut_share", quality.cutShare());
      json.put("random_cut_share", random);
      json.put("balance", quality.balance());
      folder.ifPresent(dir -> json.put("save", dir.toString()));
      return json;
    }
  }

  private void cut(GraphDataset data, Assignment parts, Path dir, Output output) {
    try (StageProgress progress = output.stages()) {
      PartWriter.write(dataset, data, parts, dir, progress);
    }
    output.result("parts: %s", dir);
  }
}
