package io.millrace;

/**
 * Receives the progress of a long job. Imports, generators and the inspector call it.
 *
 * <p>Calls come one at a time, though not always from the same thread. Within a stage {@code done}
 * never falls. A slow implementation slows the job down.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores all calls. */
  Progress NONE = (_, _, _) -> {};

  /**
   * @param stage what is being done, in a few words; a new name begins a new stage
   * @param done units done so far in this stage
   * @param total units in this stage, or -1 if unknown
   */
  void update(String stage, long done, long total);

  /** One line the user should see, for instance that a number was rounded up. */
  default void note(String message) {}
}
