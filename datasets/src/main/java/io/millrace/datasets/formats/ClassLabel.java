package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.platform.InputLocation;

/** What a number in a source means as a label. */
@Internal
public final class ClassLabel {
  private ClassLabel() {}

  /**
   * @param value a class, or whether a node has a label (1 or 0); NaN and -1 mean unlabelled
   * @param max the largest there can be
   * @param place where it stands, for the error
   */
  public static int of(double value, int max, InputLocation place) {
    if (Double.isNaN(value)) {
      return NodeLabels.UNLABELLED;
    }
    int label = (int) value;
    if (label != value || label < NodeLabels.UNLABELLED || label > max) {
      throw place.error("label must be a whole number of at least 0", "label", value, "max", max);
    }
    return label;
  }
}
