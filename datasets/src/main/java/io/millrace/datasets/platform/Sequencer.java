package io.millrace.datasets.platform;

import io.millrace.Internal;
import java.util.PriorityQueue;

/**
 * Lets threads that work on numbered pieces do one part of the work in the order of the numbers,
 * from 0. Failures have their order too, so the first one in the input is the one reported.
 *
 * <p>The thread that has a number calls {@link #await}, or not, then {@link #done} or {@link
 * #fail}. Every number must be taken by some thread, in ascending order, or the threads after it
 * wait forever. Thread-safe.
 */
@Internal
public final class Sequencer {
  private final PriorityQueue<Long> doneAhead = new PriorityQueue<>();
  private long next;
  private boolean failed;

  /**
   * Waits until all numbers before this one are done. An interrupt does not end the wait; it is
   * still set afterwards.
   *
   * @return false if one of them failed, so that this one's turn never comes
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

  /** Ends the turn of a number, or what it would have been. */
  public synchronized void done(long number) {
    doneAhead.add(number);
    while (!doneAhead.isEmpty() && doneAhead.peek() == next) {
      doneAhead.remove();
      next++;
    }
    notifyAll();
  }

  /** Sends all threads away that wait, now or later. */
  public synchronized void fail() {
    failed = true;
    notifyAll();
  }
}
