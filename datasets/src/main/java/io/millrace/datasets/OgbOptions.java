package io.millrace.datasets;

import java.util.Optional;

/**
 * How {@link OgbImporter} reads a folder. Immutable: start from {@link #defaults} and change with
 * the {@code with} methods.
 *
 * @param name the name of the dataset; empty = the name of the source folder
 * @param undirected adds reverse edges and drops duplicates ({@link EdgeOptions#UNDIRECTED});
 *     otherwise edges stay as they are
 * @param normalization what happens to feature values
 * @param featureType how feature values are stored
 * @param split the folder below {@code split/}; empty = the only one there is
 */
public record OgbOptions(
    Optional<String> name,
    boolean undirected,
    Normalization normalization,
    FeatureType featureType,
    Optional<String> split) {

  /** Directed, float32 features as they are, the only split there is, named after the folder. */
  public static OgbOptions defaults() {
    return new OgbOptions(
        Optional.empty(), false, Normalization.NONE, FeatureType.FLOAT32, Optional.empty());
  }

  public OgbOptions withName(String value) {
    return new OgbOptions(Optional.of(value), undirected, normalization, featureType, split);
  }

  public OgbOptions withUndirected(boolean value) {
    return new OgbOptions(name, value, normalization, featureType, split);
  }

  public OgbOptions withNormalization(Normalization value) {
    return new OgbOptions(name, undirected, value, featureType, split);
  }

  public OgbOptions withFeatureType(FeatureType value) {
    return new OgbOptions(name, undirected, normalization, value, split);
  }

  public OgbOptions withSplit(String value) {
    return new OgbOptions(name, undirected, normalization, featureType, Optional.of(value));
  }

  EdgeOptions edgeOptions() {
    return undirected ? EdgeOptions.UNDIRECTED : EdgeOptions.DIRECTED;
  }
}
