package io.millrace.datasets.text;

/** Whether the first line of a text table names its columns. */
public enum HeaderMode {
  /**
   * There is a header if a column is selected by its name, if text stands above numbers, or if the
   * first line consists of known names (source, target, id, label, ...). Where that cannot be
   * determined, the table is refused.
   */
  AUTO,
  YES,
  NO
}
