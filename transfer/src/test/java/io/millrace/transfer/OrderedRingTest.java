package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OrderedRingTest {
  @Test
  void handsItemsOverInTheOrderOfTheirNumbers() throws InterruptedException {
    OrderedRing<String> ring = new OrderedRing<>(3);
    ring.put(1, "b");
    ring.put(0, "a");
    assertEquals("a", ring.take(0, () -> false));
    ring.put(3, "d");
    assertEquals("b", ring.take(1, () -> false));
    assertNull(ring.poll(2));
  }

  @Test
  void refusesAnItemWhereOneLies() {
    OrderedRing<String> ring = new OrderedRing<>(3);
    ring.put(1, "b");
    assertThrows(IllegalStateException.class, () -> ring.put(4, "e"));
  }

  @Test
  void endsTheWaitWhenTheProducersHaveEnded() throws InterruptedException {
    OrderedRing<String> ring = new OrderedRing<>(3);
    assertNull(ring.take(0, () -> true));
    ring.put(0, "a");
    assertEquals("a", ring.take(0, () -> true));
  }

  @Test
  void losesNothingBetweenTwoProducersAndASlowConsumer() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          OrderedRing<Integer> ring = new OrderedRing<>(4);
          Semaphore places = new Semaphore(4);
          AtomicInteger next = new AtomicInteger();
          int total = 20_000;
          Runnable producer =
              () -> {
                while (true) {
                  places.acquireUninterruptibly();
                  int number = next.getAndIncrement();
                  if (number >= total) {
                    places.release();
                    return;
                  }
                  ring.put(number, number);
                }
              };
          Thread.ofPlatform().daemon().start(producer);
          Thread.ofPlatform().daemon().start(producer);
          for (int number = 0; number < total; number++) {
            assertEquals(number, ring.take(number, () -> false));
            if (ThreadLocalRandom.current().nextInt(1000) == 0) {
              Thread.sleep(1);
            }
            places.release();
          }
        });
  }
}
