package io.millrace.datasets;

import java.util.Optional;

/**
 * What an importer makes of a source. Immutable: start from {@link #defaults} and change with the
 * {@code with} methods.
 *
 * @param name the name of the dataset; empty = the name of the source
 * @param undirected adds reverse edges and drops duplicates ({@link EdgeOptions#UNDIRECTED});
 *     otherwise edges stay as they are
 * @param normalization what happens to feature rows
 * @param featureType how feature values are stored
 * @param split which of the source's splits: OGB's folder below {@code split/}, GraphBolt's task;
 *     empty = the only one there is
 */
public record ImportOptions(
    Optional<String> name,
    boolean undirected,
    Normalization normalization,
    FeatureType featureType,
    Optional<String> split) {

  /** Directed, float32 features as they are, the only split there is, named after the source. */
  public static ImportOptions defaults() {
    return new ImportOptions(
        Optional.empty(), false, Normalization.NONE, FeatureType.FLOAT32, Optional.empty());
  }

  public ImportOptions withName(String value) {
    return new ImportOptions(Optional.of(value), undirected, normalization, featureType, split);
  }

  public ImportOptions withUndirected(boolean value) {
    return new ImportOptions(name, value, normalization, featureType, split);
  }

  public ImportOptions withNormalization(Normalization value) {
    return new ImportOptions(name, undirected, value, featureType, split);
  }

  public ImportOptions withFeatureType(FeatureType value) {
    return new ImportOptions(name, undirected, normalization, value, split);
  }

  public ImportOptions withSplit(String value) {
    return new ImportOptions(name, undirected, normalization, featureType, Optional.of(value));
  }

  EdgeOptions edgeOptions() {
    return undirected ? EdgeOptions.UNDIRECTED : EdgeOptions.DIRECTED;
  }
}
