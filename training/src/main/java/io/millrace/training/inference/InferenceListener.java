package io.millrace.training.inference;

/** Receives the progress of an inference, on the thread that runs it. */
public interface InferenceListener {
  /** A listener that does nothing. */
  InferenceListener NONE = new InferenceListener() {};

  /**
   * Reports that rows of a pass are done.
   *
   * @param pass its name, for instance "layer 1"
   * @param done nodes of this process's shard that are computed, including those of earlier runs
   * @param total nodes of this process's shard
   */
  default void progress(String pass, long done, long total) {}

  /** Reports that a pass is done. */
  default void passDone(PassReport report) {}

  /** Reports something that a user may want to know, in one line. */
  default void note(String message) {}
}
