package io.millrace.slicing;

/** Which implementation gathers rows. All give the same bytes. */
public enum GatherKind {
  /** The native kernel if it can be used, otherwise Java. */
  AUTO,
  JAVA,
  /** The native kernel, or an error that says why it cannot be used. */
  NATIVE
}
