package io.millrace.slicing;

import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;

/**
 * What every batch of a slicer holds besides its nodes and layers; the sizes of a batch come on top
 * in {@link SlotLayout}. An immutable value.
 *
 * @param dim columns of a feature row
 * @param featureType the type of its values
 * @param labelBytes bytes of the label, or labels, of a seed
 * @param hasDegrees whether the degrees of the nodes are in the batch
 * @param hasWeightedDegrees whether the sums of the weights of their edges are
 * @param edges the attributes of the edges of each layer
 */
record SlotContent(
    int dim,
    FeatureType featureType,
    int labelBytes,
    boolean hasDegrees,
    boolean hasWeightedDegrees,
    EdgeColumns edges) {
  long featureRowBytes() {
    return (long) dim * featureType.bytes();
  }
}
