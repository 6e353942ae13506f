package io.millrace.datasets.formats.features;

/** What an importer does to the feature values. */
public enum Normalization {
  /** Values stay as they are. */
  NONE,
  /** Each row is divided by the sum of its absolute values; a row of zeros stays. */
  ROW,
  /**
   * Each column gets the mean 0 and the standard deviation 1, over all nodes; a column of equal
   * values becomes zeros.
   */
  COLUMN
}
