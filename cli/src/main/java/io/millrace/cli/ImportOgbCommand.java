package io.millrace.cli;

import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.Normalization;
import io.millrace.datasets.OgbImporter;
import io.millrace.datasets.OgbOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports OGB's raw csv folders. */
@Command(
    name = "ogb",
    sortOptions = false,
    description = "Imports a node-property dataset of OGB from its raw csv files.")
final class ImportOgbCommand extends Subcommand {
  @Parameters(paramLabel = "SRC", description = "The folder that holds raw/ and split/.")
  private Path source;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The dataset directory to make; must not exist.")
  private Path out;

  @Option(names = "--undirected", description = "Add reverse edges and drop duplicates.")
  private boolean undirected;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The folder below split/ (default: the only one).")
  private Optional<String> split = Optional.empty();

  @Option(
      names = "--normalize",
      paramLabel = "none|row|column",
      defaultValue = "none",
      description =
          "row divides each feature row by the sum of its absolute values; column gives each column"
              + " the mean 0 and the deviation 1 (default: none).")
  private Normalization normalization;

  @Option(
      names = "--features",
      paramLabel = "float32|float16",
      defaultValue = "float32",
      description = "How feature values are stored (default: float32).")
  private FeatureType featureType;

  @Option(names = "--name", description = "The dataset's name (default: the name of SRC).")
  private Optional<String> name = Optional.empty();

  @Mixin private MemoryOption memory;

  ImportOgbCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    OgbOptions options = new OgbOptions(name, undirected, normalization, featureType, split);
    DatasetDescription made;
    long startNanos = System.nanoTime();
    try (StageProgress progress = output.stages()) {
      made = OgbImporter.importFolder(source, out, options, memory.limit(), progress);
    }
    return MadeDataset.report("import ogb", made, out, startNanos, output);
  }
}
