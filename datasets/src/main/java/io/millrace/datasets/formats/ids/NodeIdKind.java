package io.millrace.datasets.formats.ids;

/** What the ids of nodes are in a text table. */
public enum NodeIdKind {
  /**
   * From the first line: text is {@link #STRING}; numbers are {@link #DENSE} unless one is
   * negative, too large, or far above the number of edges: then {@link #LONG}.
   */
  AUTO,
  /** Node ids from 0 on; an id that does not occur is a node without edges. */
  DENSE,
  /** 64-bit integers, numbered as they come. */
  LONG,
  /** Any text, numbered as it comes. */
  STRING
}
