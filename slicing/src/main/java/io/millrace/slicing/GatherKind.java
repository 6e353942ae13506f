package io.millrace.slicing;

/** Who gathers rows; the bytes are the same. */
public enum GatherKind {
  /** The native kernel where it can be used, Java elsewhere. */
  AUTO,
  JAVA,
  /** The native kernel, or an error that says why it cannot be used. */
  NATIVE
}
