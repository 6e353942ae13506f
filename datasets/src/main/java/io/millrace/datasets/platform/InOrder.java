package io.millrace.datasets.platform;

import io.millrace.Internal;

/**
 * Lets threads do numbered things one after the other: 0, then 1, and so on. Every number must be
 * done by some thread, and numbers are taken in ascending order, so that the next one to be done is
 * always under way.
 */
@Internal
public final class InOrder {
  private int next;
  private boolean failed;

  /**
   * Waits for the number's turn.
   *
   * @return false if a number before it has failed: then it will never be
   */
  public synchronized boolean await(int number) {
    while (next != number && !failed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return !failed;
  }

  /** The turn goes to the next number. */
  public synchronized void done() {
    next++;
    notifyAll();
  }

  /** Sends away all who wait. */
  public synchronized void fail() {
    failed = true;
    notifyAll();
  }
}
