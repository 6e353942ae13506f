package io.millrace.datasets.formats.features;

/**
 * What becomes of a feature that has no value: NaN, or in a table an empty field or a word such as
 * {@code NA}.
 */
public enum MissingValues {
  /** It is bad input. */
  ERROR,
  /** It becomes 0. */
  ZERO,
  /** It becomes the mean of the values that its column has. */
  MEAN
}
