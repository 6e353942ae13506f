package io.millrace.datasets;

/**
 * The three disjoint sets of labelled nodes: learn from one, choose by another, report on the
 * third.
 */
public enum Split {
  TRAIN,
  VALID,
  TEST;

  /**
   * The name of the split's file without its ending: {@code train}, {@code valid}, {@code test}.
   */
  public String fileName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
