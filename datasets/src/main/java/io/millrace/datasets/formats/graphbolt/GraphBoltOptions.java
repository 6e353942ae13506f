package io.millrace.datasets.formats.graphbolt;

import java.util.Optional;

/**
 * What {@link GraphBoltImporter} takes of a dataset, by the names in its metadata. Immutable.
 *
 * @param feature the nodes' features; empty = the only ones, or those named feat
 * @param edgeWeight data of edges that become {@code edge_weights.npy}; empty = no weights
 * @param edgeTime data of edges, 64-bit integers, that become {@code edge_time.npy}; empty = none
 * @param edgeFeature data of edges that become {@code edge_features.npy}; empty = none
 * @param edgeIds whether to keep each edge's position in the input, {@code edge_ids.npy}
 */
public record GraphBoltOptions(
    Optional<String> feature,
    Optional<String> edgeWeight,
    Optional<String> edgeTime,
    Optional<String> edgeFeature,
    boolean edgeIds) {

  /** The nodes' only features, and nothing of edges but their ends. */
  public static GraphBoltOptions defaults() {
    return new GraphBoltOptions(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }
}
