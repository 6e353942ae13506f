package io.millrace.serving.batching;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.protocol.RequestException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final long LONG = Long.MAX_VALUE / 4;

  private record Unit(int value, CompletableFuture<float[]> answer) implements Batcher.Work {
    static Unit of(int value) {
      return new Unit(value, new CompletableFuture<>());
    }
  }

  private final AtomicInteger expired = new AtomicInteger();

  private Batcher<Unit> batcher(Consumer<List<Unit>> computation) {
    return new Batcher<>(
        "test",
        new BatchQueue<>(100, 0, new AimdLimit(100, 1)),
        () -> LONG,
        computation,
        new Batcher.Listener() {
          @Override
          public void finished(int size, long nanos, int limit) {}

          @Override
          public void expired(int count) {
            expired.addAndGet(count);
          }
        });
  }

  private static void square(List<Unit> batch) {
    batch.forEach(it -> it.answer().complete(new float[] {it.value() * it.value()}));
  }

  @Test
  void failureOfABatchReachesItsWaitersAndTheNextIsFine() {
    try (Batcher<Unit> batcher =
        batcher(
            batch -> {
              if (batch.getFirst().value() < 0) {
                throw new IllegalStateException("injected");
              }
              square(batch);
            })) {
      Unit bad = Unit.of(-1);
      batcher.submit(List.of(bad), System.nanoTime() + LONG);
      assertThrows(CompletionException.class, () -> bad.answer().join());
      Unit good = Unit.of(3);
      batcher.submit(List.of(good), System.nanoTime() + LONG);
      assertArrayEquals(new float[] {9}, good.answer().join());
      assertEquals(0, batcher.pending());
    }
  }

  @Test
  void whatTheComputationForgetsFails() {
    try (Batcher<Unit> batcher = batcher(_ -> {})) {
      Unit unit = Unit.of(1);
      batcher.submit(List.of(unit), System.nanoTime() + LONG);
      assertThrows(CompletionException.class, () -> unit.answer().join());
    }
  }

  @Test
  void lateWorkIsNotComputed() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    AtomicInteger computed = new AtomicInteger();
    try (Batcher<Unit> batcher =
        batcher(
            batch -> {
              computed.addAndGet(batch.size());
              await(first);
              square(batch);
            })) {
      Unit blocking = Unit.of(1);
      batcher.submit(List.of(blocking), System.nanoTime() + LONG);
      while (computed.get() == 0) {
        Thread.sleep(1);
      }
      Unit late = Unit.of(2);
      long deadline = System.nanoTime() + 2_000_000_000; // it must not be over yet
      batcher.submit(List.of(late), deadline);
      while (System.nanoTime() - deadline <= 0) {
        Thread.sleep(10);
      }
      first.countDown();
      CompletionException e = assertThrows(CompletionException.class, () -> late.answer().join());
      assertEquals(504, ((RequestException) e.getCause()).status());
      assertEquals(1, computed.get());
    }
    assertEquals(1, expired.get());
  }

  @Test
  void closeEndsWhatWaitsAndRefusesTheRest() {
    Batcher<Unit> batcher = batcher(BatcherTest::square);
    List<Unit> units = List.of(Unit.of(1), Unit.of(2));
    batcher.submit(units, System.nanoTime() + LONG);
    batcher.close();
    assertArrayEquals(new float[] {4}, units.get(1).answer().join());
    RequestException e =
        assertThrows(
            RequestException.class,
            () -> batcher.submit(List.of(Unit.of(3)), System.nanoTime() + LONG));
    assertEquals(503, e.status());
    assertEquals(1, e.retryAfterSeconds().orElseThrow());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
