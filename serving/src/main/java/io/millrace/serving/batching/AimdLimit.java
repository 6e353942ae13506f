package io.millrace.serving.batching;

/**
 * The largest batch: it grows by a step after each full batch that met the objective, and shrinks
 * to nine tenths after each that did not.
 *
 * <p>One thread at a time.
 */
public final class AimdLimit {
  private final int step;
  private int limit;

  /**
   * @param first the limit to begin with
   * @param step how much it grows; 0 keeps the limit as it is
   */
  public AimdLimit(int first, int step) {
    this.limit = Math.max(1, first);
    this.step = step;
  }

  /** How many a batch may have now; at least 1. */
  public int limit() {
    return limit;
  }

  /**
   * Takes note of a batch.
   *
   * @param size how many it had; a batch that was not full says nothing about a larger one
   * @param nanos how long computing it took
   * @param objectiveNanos how long it should take at most
   */
  public void finished(int size, long nanos, long objectiveNanos) {
    if (step == 0) {
      return;
    }
    if (nanos > objectiveNanos) {
      limit = (int) Math.max(1, limit * 9L / 10);
    } else if (size >= limit) {
      limit = Math.min(limit, Integer.MAX_VALUE - step) + step;
    }
  }
}
