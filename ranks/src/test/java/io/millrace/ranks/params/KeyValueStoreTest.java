package io.millrace.ranks.params;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.RankFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Named values with real ranks, which are threads here. */
class KeyValueStoreTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static <T> List<T> onRanks(int size, Function<InProcessCollective, T> body) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return InProcessCollective.group(size, LIMIT).stream()
          .map(rank -> CompletableFuture.supplyAsync(() -> body.apply(rank), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  @Test
  void synchronousPullsSeeWhatAllHavePushed() {
    List<float[]> seen =
        onRanks(
            3,
            rank -> {
              try (KeyValueStore store =
                  KeyValueStore.sync(rank, Map.of("w", new float[] {rank.rank(), 10}))) {
                for (int i = 0; i < 4; i++) {
                  store.push("w", new float[] {1, rank.rank()});
                  store.clock();
                  assertEquals(3 * (i + 1), store.pull("w")[0]);
                }
                return store.pull("w");
              }
            });
    seen.forEach(it -> assertArrayEquals(new float[] {12, 22}, it));
  }

  @Test
  void aRankMayBeAheadByTheBoundAndNoFurther() {
    CountDownLatch ahead = new CountDownLatch(1);
    onRanks(
        2,
        rank -> {
          try (KeyValueStore store = KeyValueStore.async(rank, 2, Map.of("w", new float[1]))) {
            for (int c = 0; c < 6; c++) {
              if (rank.rank() == 1 && c == 0) {
                await(ahead); // until rank 0 has begun its iteration 2
              }
              float before = store.pull("w")[0];
              assertTrue(before >= c + Math.max(0, c - 2), "own and within the bound");
              if (rank.rank() == 0 && c == 2) {
                assertEquals(2, before);
                ahead.countDown();
              }
              store.push("w", new float[] {1});
              store.clock();
            }
            store.sync();
            assertEquals(12, store.pull("w")[0]);
            return 0;
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFailedRankEndsThePullsOfTheOthers() {
    CompletionException e =
        assertThrows(
            CompletionException.class,
            () ->
                onRanks(
                    2,
                    rank -> {
                      try (KeyValueStore store =
                          KeyValueStore.async(rank, 1, Map.of("w", new float[1]))) {
                        for (int c = 0; rank.rank() == 0 || c < 3; c++) {
                          store.pull("w");
                          store.clock();
                        }
                        store.sync();
                        rank.fail(new IllegalStateException("no more"));
                        return 0;
                      }
                    }));
    RankFailedException failure = (RankFailedException) e.getCause();
    assertEquals(1, failure.rank());
    assertEquals("no more", failure.reason());
  }

  @Test
  void rejectsOtherKeysOnOtherRanks() {
    CompletionException e =
        assertThrows(
            CompletionException.class,
            () ->
                onRanks(
                    2, rank -> KeyValueStore.sync(rank, Map.of("w", new float[1 + rank.rank()]))));
    assertEquals(
        "all ranks need the same keys and lengths: rank 0={w=1}, rank 1={w=2}",
        ((BadInputException) e.getCause()).getMessage());
    try (KeyValueStore store =
        KeyValueStore.sync(InProcessCollective.alone(), Map.of("w", new float[1]))) {
      assertThrows(BadInputException.class, () -> store.pull("v"));
      assertThrows(BadInputException.class, () -> store.push("w", new float[2]));
    }
  }
}
