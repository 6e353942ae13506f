package io.millrace.serving.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  /** A key whose hash says nothing. */
  private record Colliding(int node) {
    @Override
    public int hashCode() {
      return 42;
    }
  }

  private final AtomicInteger evicted = new AtomicInteger();

  @Test
  void keysWithTheSameHashHaveTheirOwnAnswers() {
    AnswerCache<Colliding> cache = new AnswerCache<>(1 << 20, evicted::incrementAndGet);
    for (int node = 0; node < 100; node++) {
      AnswerCache.Lookup lookup = cache.lookup(new Colliding(node));
      assertTrue(lookup.isNew());
      lookup.answer().complete(new float[] {node});
    }
    for (int node = 0; node < 100; node++) {
      AnswerCache.Lookup lookup = cache.lookup(new Colliding(node));
      assertFalse(lookup.isNew());
      assertArrayEquals(new float[] {node}, lookup.answer().join());
    }
  }

  @Test
  void equalPendingRequestsShareOneAnswer() {
    AnswerCache<Integer> cache = new AnswerCache<>(1 << 20, evicted::incrementAndGet);
    AnswerCache.Lookup first = cache.lookup(7);
    AnswerCache.Lookup second = cache.lookup(7);
    assertTrue(first.isNew());
    assertFalse(second.isNew());
    assertSame(first.answer(), second.answer());
  }

  @Test
  void failureReachesAllThatWaitAndIsForgotten() {
    AnswerCache<Integer> cache = new AnswerCache<>(1 << 20, evicted::incrementAndGet);
    AnswerCache.Lookup first = cache.lookup(7);
    AnswerCache.Lookup second = cache.lookup(7);
    first.answer().completeExceptionally(new IllegalStateException("injected"));
    assertThrows(CompletionException.class, () -> second.answer().join());
    assertTrue(cache.lookup(7).isNew());
  }

  @Test
  void keepsNoMoreBytesThanAllowed() {
    int entry = 200 + 50 * Float.BYTES;
    AnswerCache<Integer> cache = new AnswerCache<>(10L * entry, evicted::incrementAndGet);
    for (int node = 0; node < 1000; node++) {
      cache.lookup(node).answer().complete(new float[50]);
      assertTrue(cache.bytes() <= 10L * entry, "bytes " + cache.bytes());
    }
    assertEquals(10, cache.size());
    assertEquals(990, evicted.get());
    cache.lookup(5000).answer().complete(new float[10_000]);
    assertTrue(cache.bytes() <= 10L * entry, "one that is too large");
  }

  @Test
  void popularNodesStay() {
    int entries = 200;
    AnswerCache<Integer> cache = new AnswerCache<>(entries * 400L, evicted::incrementAndGet);
    Random random = new Random(1);
    int hits = 0;
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      int node = zipf(random, 10_000);
      AnswerCache.Lookup lookup = cache.lookup(node);
      hits += lookup.isNew() ? 0 : 1;
      if (lookup.isNew()) {
        lookup.answer().complete(new float[50]);
      }
    }
    double best = Math.log(entries) / Math.log(10_000); // the most popular ones, always there
    double rate = (double) hits / count;
    assertTrue(rate > 0.8 * best && rate <= best + 0.05, rate + " of " + best);
  }

  /** Weights 1/k, nearly. */
  private static int zipf(Random random, int count) {
    return (int) Math.pow(count, random.nextDouble());
  }
}
