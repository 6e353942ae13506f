package io.millrace.serving.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps answers up to a number of bytes, and lets equal requests that are pending share one.
 *
 * <p>A failed answer is forgotten, and all that waited for it hear of the failure. Thread-safe.
 *
 * @param <K> what an answer depends on, all of it: compared with {@code equals}
 */
public final class AnswerCache<K> {
  /** An entry's key, future, list nodes and array header. */
  private static final int ENTRY_BYTES = 200;

  private final Cache<K, float[]> answers;
  private final Map<K, CompletableFuture<float[]>> pending = new ConcurrentHashMap<>();

  /**
   * @param maxBytes 0 keeps nothing, but pending requests are still shared
   * @param evicted is called for each answer that had to go
   */
  public AnswerCache(long maxBytes, Runnable evicted) {
    answers =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((K _, float[] row) -> ENTRY_BYTES + row.length * Float.BYTES)
            .executor(Runnable::run)
            .evictionListener((_, _, _) -> evicted.run())
            .build();
  }

  /**
   * What is known about a key.
   *
   * @param answer done, or pending
   * @param isNew whether the caller has to complete it, because nobody else does
   */
  public record Lookup(CompletableFuture<float[]> answer, boolean isNew) {}

  /** Looks a key up; if nothing is known, the caller is the one who computes. */
  public Lookup lookup(K key) {
    float[] kept = answers.getIfPresent(key);
    if (kept != null) {
      return new Lookup(CompletableFuture.completedFuture(kept), false);
    }
    CompletableFuture<float[]> mine = new CompletableFuture<>();
    CompletableFuture<float[]> before = pending.putIfAbsent(key, mine);
    if (before != null) {
      return new Lookup(before, false);
    }
    float[] since = answers.getIfPresent(key); // it may have been pending until just now
    if (since != null) {
      pending.remove(key, mine);
      mine.complete(since); // somebody may have found it in the meantime
      return new Lookup(mine, false);
    }
    mine.handle( // whenComplete would wrap each refusal in an exception that looks at the stack
        (row, _) -> {
          keep(key, mine, row);
          return row;
        });
    return new Lookup(mine, true);
  }

  /** The answer is kept before it is no longer pending, so that nobody misses it. */
  private void keep(K key, CompletableFuture<float[]> answer, float[] row) {
    if (row != null) {
      answers.put(key, row);
    }
    pending.remove(key, answer);
  }

  /** The bytes of the answers that are kept. */
  public long bytes() {
    return answers.policy().eviction().map(it -> it.weightedSize().orElse(0)).orElse(0L);
  }

  /** How many answers are kept. */
  public long size() {
    answers.cleanUp();
    return answers.estimatedSize();
  }

  /** How many answers are pending. */
  public int pending() {
    return pending.size();
  }
}
