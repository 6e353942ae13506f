package io.millrace.slicing;

import io.millrace.datasets.FeatureType;

/**
 * What every batch of a slicer holds besides its nodes and layers; the sizes of a batch come on top
 * in {@link SlotLayout}. An immutable value.
 *
 * @param dim columns of a feature row
 * @param featureType the type of its values
 * @param labelBytes bytes of the label, or labels, of a seed
 * @param hasDegrees whether the degrees of the nodes are in the batch
 */
record SlotContent(int dim, FeatureType featureType, int labelBytes, boolean hasDegrees) {
  long featureRowBytes() {
    return (long) dim * featureType.bytes();
  }
}
