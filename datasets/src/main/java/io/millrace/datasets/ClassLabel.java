package io.millrace.datasets;

/** What a number in a source means as a label. */
final class ClassLabel {
  private ClassLabel() {}

  /**
   * @param value a class as a whole number; NaN and -1 mean unlabelled
   * @param place where it stands, for the error
   */
  static int of(double value, Place place) {
    if (Double.isNaN(value)) {
      return NodeLabels.UNLABELLED;
    }
    int label = (int) value;
    if (label != value || label < NodeLabels.UNLABELLED || label >= NodeLabels.MAX_CLASSES) {
      throw place.error(
          "label must be a whole number of at least 0",
          "label",
          value,
          "max",
          NodeLabels.MAX_CLASSES - 1);
    }
    return label;
  }
}
