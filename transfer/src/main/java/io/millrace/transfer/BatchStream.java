package io.millrace.transfer;

import io.millrace.BadInputException;
import java.util.Iterator;
import java.util.concurrent.CancellationException;

/**
 * The batches of one plan, in order; comes from a {@link BatchSource}.
 *
 * <p>Used by one thread, the consumer's. It closes each batch when it is done with it, and the
 * stream when it is done with the plan, early or not.
 */
public interface BatchStream extends Iterator<DeviceBatch>, AutoCloseable {
  /** Batches of the whole plan, those included that are skipped. */
  int numBatches();

  /**
   * Waits for the next batch if it is not there yet.
   *
   * @throws PipelineException if preparing or copying it failed; the stream is closed then
   * @throws BadInputException if it failed because of bad input; the stream is closed then
   * @throws CancellationException if the thread was interrupted while it waited; the stream is
   *     closed then
   */
  @Override
  DeviceBatch next();

  /** The statistics so far; times of workers are added when the stream is closed. */
  EpochStats stats();

  /** Returns when nothing works on the plan any more. Batches that are still open are closed. */
  @Override
  void close();
}
