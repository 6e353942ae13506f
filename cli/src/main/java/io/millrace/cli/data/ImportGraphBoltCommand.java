package io.millrace.cli.data;

import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.formats.graphbolt.GraphBoltImporter;
import io.millrace.datasets.formats.graphbolt.GraphBoltOptions;
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
@Internal
public final class ImportGraphBoltCommand extends Subcommand {
  @Parameters(paramLabel = "SRC", description = "The folder that holds metadata.yaml.")
  private Path source;

  @Mixin private ImportTargetOptions target;

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

  @Option(
      names = "--edge-weight",
      paramLabel = "NAME",
      description = "Data of edges to keep as edge_weights.npy (default: none).")
  private Optional<String> edgeWeight = Optional.empty();

  @Option(
      names = "--edge-time",
      paramLabel = "NAME",
      description = "Data of edges, 64-bit integers, to keep as edge_time.npy (default: none).")
  private Optional<String> edgeTime = Optional.empty();

  @Option(
      names = "--edge-feature",
      paramLabel = "NAME",
      description = "Data of edges to keep as edge_features.npy (default: none).")
  private Optional<String> edgeFeature = Optional.empty();

  @Option(
      names = "--edge-ids",
      description = "Keep each edge's position in the input, from 0, as edge_ids.npy.")
  private boolean edgeIds;

  public ImportGraphBoltCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    GraphBoltOptions data =
        new GraphBoltOptions(feature, edgeWeight, edgeTime, edgeFeature, edgeIds);
    return target.run(
        "import graphbolt",
        task,
        common,
        output,
        (out, options, progress) ->
            GraphBoltImporter.importFolder(source, data, out, options, progress));
  }
}
