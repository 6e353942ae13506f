package io.millrace.ranks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs ranks as threads of a test, and waits for all of them, but not for ever. */
public final class RankThreads {
  private static final int LIMIT_SECONDS = 60;

  private RankThreads() {}

  /** What a rank does. */
  @FunctionalInterface
  public interface Body<C, T> {
    T run(C rank) throws Exception;
  }

  /** The result of each rank; fails with what the first failing one has thrown. */
  public static <C, T> List<T> run(List<C> ranks, Body<C, T> body) {
    return start(ranks, body).stream().map(RankThreads::result).toList();
  }

  /** What each rank has thrown; null for one that has returned. */
  public static <C, T> List<Throwable> failures(List<C> ranks, Body<C, T> body) {
    List<CompletableFuture<T>> all = start(ranks, body);
    List<Throwable> failures = new ArrayList<>();
    for (CompletableFuture<T> it : all) {
      try {
        result(it);
        failures.add(null);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    return failures;
  }

  private static <C, T> List<CompletableFuture<T>> start(List<C> ranks, Body<C, T> body) {
    return ranks.stream().map(rank -> start(() -> body.run(rank))).toList();
  }

  private static <T> CompletableFuture<T> start(Callable<T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                result.complete(body.call());
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            });
    return result;
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException("a rank does not end", e);
    }
  }
}
