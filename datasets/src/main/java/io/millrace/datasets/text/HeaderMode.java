package io.millrace.datasets.text;

/** Whether the first line of a text table names its columns. */
public enum HeaderMode {
  /**
   * Where a column is asked for by name, or where the first line has no number in a column that has
   * one in the second line.
   */
  AUTO,
  YES,
  NO
}
