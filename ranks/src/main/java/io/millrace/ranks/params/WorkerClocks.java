package io.millrace.ranks.params;

import io.millrace.Internal;
import java.util.Arrays;

/**
 * The scheduler of bounded staleness: how many iterations each worker has ended, and who may begin
 * the next one. It knows nothing of time. The owner guards it.
 */
@Internal
public final class WorkerClocks {
  private final long[] clocks;
  private final int bound;

  /**
   * @param bound by how many iterations a worker may be ahead of the slowest when it begins one
   */
  public WorkerClocks(int numWorkers, int bound) {
    clocks = new long[numWorkers];
    this.bound = bound;
  }

  /** The worker has ended an iteration. */
  public void tick(int worker) {
    clocks[worker]++;
  }

  /** The iterations that a worker has ended. */
  public long of(int worker) {
    return clocks[worker];
  }

  /** The iterations that all have ended. */
  public long minimum() {
    return Arrays.stream(clocks).min().orElseThrow();
  }

  /** Whether a worker may read and begin its next iteration. */
  public boolean mayBegin(int worker) {
    return minimum() >= oldest(worker);
  }

  /** The iterations of all that a worker must see in its next one: their number from the first. */
  public long oldest(int worker) {
    return Math.max(0, clocks[worker] - bound);
  }
}
