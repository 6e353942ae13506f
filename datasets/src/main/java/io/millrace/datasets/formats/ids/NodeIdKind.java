package io.millrace.datasets.formats.ids;

/** The kind of node ids in a text table. */
public enum NodeIdKind {
  /**
   * Detected from the first line: text is {@link #STRING}; numbers are {@link #DENSE} unless one is
   * negative, too large, or far above the number of edges: then {@link #LONG}; or has leading
   * zeros: then {@link #STRING}.
   */
  AUTO,
  /** Node ids from 0 on; an id that does not occur is a node without edges. */
  DENSE,
  /** 64-bit integers, numbered in order of first appearance. */
  LONG,
  /** Any text, numbered in order of first appearance. */
  STRING
}
