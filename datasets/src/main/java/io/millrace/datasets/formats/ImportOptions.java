package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.csr.BuildMemory;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.features.NpzRows;
import io.millrace.datasets.formats.features.NumpyRows;
import io.millrace.datasets.formats.features.Reduction;
import io.millrace.datasets.platform.IoErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an importer converts a source. Immutable: start from {@link #defaults} and change with the
 * {@code with} methods.
 *
 * @param name the name of the dataset; empty = the name of the source
 * @param undirected adds reverse edges and drops duplicates ({@link EdgeOptions#UNDIRECTED});
 *     otherwise edges stay as they are. Edges that have times are all kept, because each is an
 *     event
 * @param normalization how feature values are normalised
 * @param missing what becomes of feature values that are missing
 * @param featureType how feature values are stored
 * @param reduction reduces the number of columns, after normalisation; empty = all are kept
 * @param featureFile a file of features, row v for node v: a numpy array ({@link NumpyRows}) or, by
 *     the ending {@code .npz}, a sparse matrix ({@link NpzRows}); empty = the source's own
 * @param targetFile a file of targets, row v for node v: a numpy array of numbers {@code
 *     [numNodes]} or {@code [numNodes, numTargets]}, NaN where unknown; empty = the source's own
 * @param split which of the source's splits to read: OGB's folder below {@code split/}, GraphBolt's
 *     task; empty = the only one
 * @param memory for building the graph; the dictionary of long and string ids needs more in
 *     addition
 */
public record ImportOptions(
    Optional<String> name,
    boolean undirected,
    Normalization normalization,
    MissingValues missing,
    FeatureType featureType,
    Optional<Reduction> reduction,
    Optional<Path> featureFile,
    Optional<Path> targetFile,
    Optional<String> split,
    BuildMemory memory) {

  /** Directed, unchanged float32 features, the only split, named after the source. */
  public static ImportOptions defaults() {
    return new ImportOptions(
        Optional.empty(),
        false,
        Normalization.NONE,
        MissingValues.ERROR,
        FeatureType.FLOAT32,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        BuildMemory.ofAvailable());
  }

  public ImportOptions withName(String value) {
    return with(draft -> draft.name = Optional.of(value));
  }

  public ImportOptions withUndirected(boolean value) {
    return with(draft -> draft.undirected = value);
  }

  public ImportOptions withNormalization(Normalization value) {
    return with(draft -> draft.normalization = value);
  }

  public ImportOptions withMissing(MissingValues value) {
    return with(draft -> draft.missing = value);
  }

  public ImportOptions withFeatureType(FeatureType value) {
    return with(draft -> draft.featureType = value);
  }

  public ImportOptions withReduction(Reduction value) {
    return with(draft -> draft.reduction = Optional.of(value));
  }

  public ImportOptions withFeatureFile(Path value) {
    return with(draft -> draft.featureFile = Optional.of(value));
  }

  public ImportOptions withTargetFile(Path value) {
    return with(draft -> draft.targetFile = Optional.of(value));
  }

  public ImportOptions withSplit(String value) {
    return with(draft -> draft.split = Optional.of(value));
  }

  public ImportOptions withMemory(BuildMemory value) {
    return with(draft -> draft.memory = value);
  }

  /** Fails before anything long begins. */
  void requireFiles() {
    featureFile.ifPresent(ImportOptions::requireFile);
    targetFile.ifPresent(ImportOptions::requireFile);
  }

  private static void requireFile(Path file) {
    IoErrors.requireRegular(file);
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("missing file", "file", file);
    }
  }

  EdgeOptions edgeOptions(boolean timed) {
    EdgeOptions chosen = undirected ? EdgeOptions.UNDIRECTED : EdgeOptions.DIRECTED;
    return timed ? chosen.inTimeOrder() : chosen;
  }

  private ImportOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.options();
  }

  /** These options, to be changed before they are copied. */
  private final class Draft {
    private Optional<String> name = ImportOptions.this.name;
    private boolean undirected = ImportOptions.this.undirected;
    private Normalization normalization = ImportOptions.this.normalization;
    private MissingValues missing = ImportOptions.this.missing;
    private FeatureType featureType = ImportOptions.this.featureType;
    private Optional<Reduction> reduction = ImportOptions.this.reduction;
    private Optional<Path> featureFile = ImportOptions.this.featureFile;
    private Optional<Path> targetFile = ImportOptions.this.targetFile;
    private Optional<String> split = ImportOptions.this.split;
    private BuildMemory memory = ImportOptions.this.memory;

    ImportOptions options() {
      return new ImportOptions(
          name,
          undirected,
          normalization,
          missing,
          featureType,
          reduction,
          featureFile,
          targetFile,
          split,
          memory);
    }
  }
}
