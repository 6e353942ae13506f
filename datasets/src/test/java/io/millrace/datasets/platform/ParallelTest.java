package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTest {

  @Test
  void runsEveryTaskOnce() {
    AtomicIntegerArray runs = new AtomicIntegerArray(1000);
    Parallel.run(1000, runs::incrementAndGet);
    for (int i = 0; i < 1000; i++) {
      assertEquals(1, runs.get(i), "task " + i);
    }
    Parallel.run(0, _ -> assertTrue(false));
  }

  @Test
  void coversTheWholeRange() {
    AtomicIntegerArray visits = new AtomicIntegerArray(103);
    Parallel.ranges(
        103,
        10,
        (from, to) -> {
          for (long i = from; i < to; i++) {
            visits.incrementAndGet((int) i);
          }
        });
    for (int i = 0; i < 103; i++) {
      assertEquals(1, visits.get(i), "position " + i);
    }
  }

  @Test
  void findsTheFirstPositionWhateverTheThreads() throws Exception {
    for (int threads = 1; threads <= 8; threads++) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        long first =
            pool.submit(
                    () ->
                        Parallel.first(1000, 7, (from, to) -> to > 500 ? Math.max(from, 500) : -1))
                .get();
        assertEquals(500, first, "threads=" + threads);
      }
    }
    assertEquals(-1, Parallel.first(1000, 7, (_, _) -> -1));
  }

  /** The ranges after the first find theirs later; that must not count. */
  @Test
  void keepsTheFirstPositionWhenLaterOnesAreFoundLater() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(4)) {
      long first =
          pool.submit(
                  () ->
                      Parallel.first(
                          100,
                          10,
                          (from, _) -> {
                            sleep(from == 0 ? 10 : 40);
                            return from;
                          }))
              .get();
      assertEquals(0, first);
    }
  }

  /** Memory may be freed after the exception, so no task may still be running then. */
  @Test
  void throwsOnlyWhenNoTaskRunsAnyMore() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(4)) {
      for (int round = 0; round < 5; round++) {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        pool.submit(
                () -> {
                  assertThrows(
                      BadInputException.class,
                      () ->
                          Parallel.run(
                              400,
                              i -> {
                                if (i == 1) {
                                  throw new BadInputException("bad");
                                }
                                begun.incrementAndGet();
                                running.incrementAndGet();
                                sleep(5);
                                running.decrementAndGet();
                              }));
                  assertEquals(0, running.get());
                  assertTrue(begun.get() < 399, "tasks were begun after the exception");
                })
            .get();
      }
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void reportsProgressThatNeverFalls() {
    StringBuilder heard = new StringBuilder();
    Parallel.run(
        5, (stage, done, total) -> heard.append(stage + done + "/" + total + " "), "s", _ -> {});
    assertEquals("s0/5 s1/5 s2/5 s3/5 s4/5 s5/5 ", heard.toString());
  }
}
