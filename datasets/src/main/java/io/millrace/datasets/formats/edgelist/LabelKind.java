package io.millrace.datasets.formats.edgelist;

/** What the labels of a node table are. */
public enum LabelKind {
  /** {@link #NUMBERS} if all are numbers, {@link #NAMES} if none is; a mixture is bad input. */
  AUTO,
  /** Whole numbers, which are the classes. */
  NUMBERS,
  /** Names of classes, also where they look like numbers. */
  NAMES
}
