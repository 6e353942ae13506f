package io.millrace.datasets.platform;

import io.millrace.Internal;
import java.util.PriorityQueue;

/**
 * Puts what threads do with numbered blocks into the order of the numbers, from 0: a part that must
 * be done in order, and failures, so that the first in the input is the one that is reported.
 *
 * <p>Whoever has a number calls {@link #await} (or not), then {@link #done} or {@link #fail}.
 * Thread-safe.
 */
@Internal
public final class Turns {
  private final PriorityQueue<Long> doneAhead = new PriorityQueue<>();
  private long next;
  private boolean failed;

  /**
   * Waits until all blocks before this one are done.
   *
   * @return false if one of them failed
   */
  public synchronized boolean await(long number) {
    boolean interrupted = false;
    while (next != number && !failed) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !failed;
  }

  public synchronized void done(long number) {
    doneAhead.add(number);
    while (!doneAhead.isEmpty() && doneAhead.peek() == next) {
      doneAhead.remove();
      next++;
    }
    notifyAll();
  }

  /** After {@link #await}: nobody's turn comes any more. */
  public synchronized void fail() {
    failed = true;
    notifyAll();
  }
}
