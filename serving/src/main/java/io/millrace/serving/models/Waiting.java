package io.millrace.serving.models;

import io.millrace.serving.protocol.RequestException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Waits for rows. Stateless. */
final class Waiting {
  private Waiting() {}

  /**
   * Waits until all rows are there, or have failed.
   *
   * @return when the last one was complete, by {@link System#nanoTime}: a thread that waits goes on
   *     later, because a batch has rows for many
   * @throws RequestException 504 at the deadline
   */
  static long untilReady(Stream<CompletableFuture<float[]>> answers, long deadline) {
    CompletableFuture<Long> readyAt =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .handle((_, _) -> System.nanoTime());
    return get(readyAt, deadline);
  }

  /**
   * The row, when it is there.
   *
   * @throws RequestException what it failed with, 500 for a fault of the server, or 504 at the
   *     deadline
   */
  static float[] row(CompletableFuture<float[]> answer, long deadline) {
    return get(answer, deadline);
  }

  private static <T> T get(CompletableFuture<T> answer, long deadline) {
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw RequestException.expired();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RequestException known
          ? known
          : RequestException.of(500, "the model failed");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw RequestException.shed("the server ends", 1);
    }
  }
}
