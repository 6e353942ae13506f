package io.millrace.datasets;

/** A text table of edges: which columns mean what, counted from 0. */
record EdgeTable(TextFormat format, int src, int dst) {

  /** Whether a line is the two ends of an edge and nothing else. */
  boolean isPairs() {
    return format.numColumns() == 2 && src == 0 && dst == 1;
  }

  /** Whether the first line of data has integers for ids. */
  boolean hasIntegers() {
    return format.hasInteger(src) && format.hasInteger(dst);
  }
}
