package io.millrace.datasets.text;

/** Whether the first line of a text table names its columns. */
public enum HeaderMode {
  /**
   * There is a header if a column is selected by its name, or if the first line has no number in a
   * column that has one in the second line.
   */
  AUTO,
  YES,
  NO
}
