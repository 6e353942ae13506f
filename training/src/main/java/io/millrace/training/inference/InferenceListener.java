package io.millrace.training.inference;

/** Is told how an inference gets on, by the thread that runs it. */
public interface InferenceListener {
  /** Hears nothing. */
  InferenceListener NONE = new InferenceListener() {};

  /**
   * Rows of a pass are there.
   *
   * @param pass its name, for instance "layer 1"
   * @param done nodes of this process's shard that are computed, those of earlier runs too
   * @param total nodes of this process's shard
   */
  default void progress(String pass, long done, long total) {}

  /** A pass is done. */
  default void passDone(PassReport report) {}

  /** Something a user may want to know, in a line. */
  default void note(String message) {}
}
