package io.millrace.cli.data;

import io.millrace.Progress;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.MemoryOption;
import io.millrace.cli.command.Output;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.features.Reduction;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all formats have: what is made of the source, and where. */
final class ImportTargetOptions {
  @Option(
      names = "--out",
      order = 50,
      required = true,
      paramLabel = "DIR",
      description = "The dataset directory to make; must not exist.")
  private Path out;

  @Option(
      names = "--undirected",
      order = 51,
      description = "Add reverse edges and drop duplicates.")
  private boolean undirected;

  @Option(
      names = "--normalize",
      order = 52,
      paramLabel = "none|row|column",
      defaultValue = "none",
      description =
          "row divides each feature row by the sum of its absolute values; column gives each column"
              + " the mean 0 and the standard deviation 1 (default: none).")
  private Normalization normalization;

  @Option(
      names = "--missing",
      order = 53,
      paramLabel = "error|zero|mean",
      defaultValue = "error",
      description =
          "What becomes of feature values that are missing: nan, or in a table an empty field, NA,"
              + " N/A, None, null, nil, ? or -. mean is that of the column's other values (default:"
              + " error).")
  private MissingValues missing;

  @Option(
      names = "--features",
      order = 54,
      paramLabel = "float32|float16",
      defaultValue = "float32",
      description = "How feature values are stored (default: float32).")
  private FeatureType featureType;

  @Option(
      names = "--feature-file",
      order = 55,
      paramLabel = "FILE",
      description =
          "Take the features from here: numpy's .npy, or .npz of one array or of a sparse matrix"
              + " (scipy.sparse.save_npz, CSR). Row v belongs to the node of id v where ids are 0"
              + " to N-1, else to row v of the node table.")
  private Optional<Path> featureFile = Optional.empty();

  @Option(
      names = "--target-file",
      order = 56,
      paramLabel = "FILE",
      description =
          "Take numbers to predict (train --task regression) from here: .npy [n] or [n x targets],"
              + " nan = not known; rows as in --feature-file.")
  private Optional<Path> targetFile = Optional.empty();

  @Option(
      names = "--reduce",
      order = 57,
      paramLabel = "D",
      description =
          "Reduce the features to D columns by a random projection, which nearly preserves"
              + " distances between rows; applied after --normalize, seeded by --seed.")
  private Optional<Integer> reduced = Optional.empty();

  @Option(
      names = "--name",
      order = 58,
      paramLabel = "NAME",
      description = "The dataset's name (default: the name of the source).")
  private Optional<String> name = Optional.empty();

  @Mixin private MemoryOption memory;

  /** An importer of one format. */
  @FunctionalInterface
  interface Importer {
    DatasetDescription importTo(Path out, ImportOptions options, Progress progress);
  }

  /**
   * Imports and prints a summary of the dataset.
   *
   * @param split which of the source's splits
   * @return the result for JSON
   */
  Object run(
      String command,
      Optional<String> split,
      CommonOptions common,
      Output output,
      Importer importer) {
    ImportOptions options =
        new ImportOptions(
            name,
            undirected,
            normalization,
            missing,
            featureType,
            reduced.map(dim -> new Reduction(dim, common.seed)),
            featureFile,
            targetFile,
            split,
            memory.limit());
    return DatasetSummary.by(
        command, out, output, progress -> importer.importTo(out, options, progress));
  }
}
