package io.millrace.training.models;

/** What {@link JumpingKnowledge} makes of the values after each layer. */
public enum Jump {
  /** All of them side by side. */
  CAT,
  /** The greatest of each column. */
  MAX
}
