package io.millrace.cli;

import io.millrace.datasets.GraphBoltImporter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports GraphBolt's OnDiskDatasets. */
@Command(
    name = "graphbolt",
    sortOptions = false,
    description =
        "Imports a dataset of DGL's GraphBolt with one type of nodes and one of edges, stored as"
            + " numpy or csv.")
final class ImportGraphBoltCommand extends Subcommand {
  @Parameters(paramLabel = "SRC", description = "The folder that holds metadata.yaml.")
  private Path source;

  @Mixin private ImportTarget target;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description = "The task whose sets and labels to take (default: the only one).")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--feature",
      paramLabel = "NAME",
      description = "The nodes' features to take (default: the only ones, or those named feat).")
  private Optional<String> feature = Optional.empty();

  ImportGraphBoltCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    return target.run(
        "import graphbolt",
        task,
        common,
        output,
        (out, options, progress) ->
            GraphBoltImporter.importFolder(source, feature, out, options, progress));
  }
}
