package io.millrace.transfer;

/**
 * How many workers and slots a pipeline has. Both can be changed while it runs, also within an
 * epoch. No batch depends on them. Used by the consumer's thread.
 */
public interface PipelineSize {
  /** Threads that prepare batches. */
  int numWorkers();

  /** The largest number of batches in the host's memory at a time. */
  int numSlots();

  /** The batches that the consumer has open at a time: there cannot be fewer slots. */
  int fewestSlots();

  /**
   * Changes both. A worker or a slot that is in use and no longer wanted finishes its batch first.
   * Slots that are not wanted keep their memory until the pipeline is closed.
   *
   * @param workersNow 1 to 1024
   * @param slotsNow at least as many as the consumer has open at a time; at most 1024, or as many
   *     as the pipeline was built with
   * @throws io.millrace.BadInputException if a number is out of its range
   */
  void resize(int workersNow, int slotsNow);
}
