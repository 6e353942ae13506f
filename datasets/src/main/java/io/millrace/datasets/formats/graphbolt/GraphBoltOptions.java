package io.millrace.datasets.formats.graphbolt;

import java.util.Optional;

/**
 * The arrays that {@link GraphBoltImporter} imports, by their names in the metadata. Immutable.
 *
 * @param feature the nodes' features; empty = the only ones, or those named feat
 * @param edgeWeight edge data that becomes {@code edge_weights.npy}; empty = no weights
 * @param edgeTime edge data, 64-bit integers, that becomes {@code edge_time.npy}; empty = none
 * @param edgeFeature edge data that becomes {@code edge_features.npy}; empty = none
 * @param edgeIds whether to keep each edge's position in the input, {@code edge_ids.npy}
 */
public record GraphBoltOptions(
    Optional<String> feature,
    Optional<String> edgeWeight,
    Optional<String> edgeTime,
    Optional<String> edgeFeature,
    boolean edgeIds) {

  /** The nodes' only features, and edges without values. */
  public static GraphBoltOptions defaults() {
    return new GraphBoltOptions(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }
}
