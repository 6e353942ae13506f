package io.millrace.transfer;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Hands numbered items from several producers to one consumer, in the order of their numbers.
 *
 * <pre>
 *   number      7   8   9  10          taken next: 7, which is not ready; 8 and 9 are
 *   place       3   0   1   2          number modulo capacity
 *   item        -   B   B   -
 * </pre>
 *
 * <p>The place of a number is always free, because each claimed number holds a slot of the pool and
 * the ring has as many places as the pool has slots. A producer therefore never waits here. The
 * consumer spins briefly, then yields, then sleeps for up to 100 microseconds at a time, so that it
 * does not take a core from the workers.
 */
final class OrderedRing<T> {
  private final AtomicReferenceArray<T> places;
  private final IdleStrategy idle = new BackoffIdleStrategy(20, 20, 1_000, 100_000);

  OrderedRing(int capacity) {
    places = new AtomicReferenceArray<>(capacity);
  }

  /** Called by any thread, once for each number. */
  void put(int number, T item) {
    if (places.getAndSet(number % places.length(), item) != null) {
      throw new IllegalStateException("ring is overfull: number=" + number);
    }
  }

  /**
   * Called by the consumer's thread; waits for the item.
   *
   * @param abandoned whether all producers have ended
   * @return null if they ended without the item
   */
  T take(int number, BooleanSupplier abandoned) throws InterruptedException {
    T item = poll(number);
    for (idle.reset(); item == null; item = poll(number)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (abandoned.getAsBoolean()) {
        return poll(number);
      }
      idle.idle();
    }
    return item;
  }

  /** Called by the consumer's thread; null if the item is not there. */
  T poll(int number) {
    return places.getAndSet(number % places.length(), null);
  }
}
