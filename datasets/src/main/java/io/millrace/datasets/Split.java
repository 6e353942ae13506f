package io.millrace.datasets;

/**
 * The three disjoint sets of labelled nodes: one to train on, one to select the model by, one to
 * report results on.
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
