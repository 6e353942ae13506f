package io.millrace.cli;

import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.ImportOptions;
import io.millrace.datasets.Normalization;
import io.millrace.datasets.OgbImporter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports OGB's folders. */
@Command(
    name = "ogb",
    sortOptions = false,
    description = "Imports a node-property dataset of OGB from its raw csv or npz files.")
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
      paramLabel = "none|row",
      defaultValue = "none",
      description =
          "row divides each feature row by the sum of its absolute values (default: none).")
  private Normalization normalization;

  @Option(
      names = "--features",
      paramLabel = "float32|float16",
      defaultValue = "float32",
      description = "How feature values are stored (default: float32).")
  private FeatureType featureType;

  @Option(names = "--name", description = "The dataset's name (default: the name of SRC).")
  private Optional<String> name = Optional.empty();

  ImportOgbCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    ImportOptions options = new ImportOptions(name, undirected, normalization, featureType, split);
    DatasetDescription made;
    long startNanos = System.nanoTime();
    try (StageProgress progress = output.stages()) {
      made = OgbImporter.importFolder(source, out, options, progress);
    }
    return MadeDataset.report("import ogb", made, out, startNanos, output);
  }
}
