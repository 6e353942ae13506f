package io.millrace.datasets.download;

import io.millrace.Internal;
import java.time.Duration;

/**
 * How long a download waits for a server, and how often it tries again.
 *
 * @param silence the longest wait for a connection, an answer or the next bytes
 * @param pause before the first new attempt; twice as long before each further one
 * @param attempts in a row without new bytes before the download fails
 */
@Internal
public record RetryPolicy(Duration silence, Duration pause, int attempts) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(60), Duration.ofSeconds(1), 6);

  /** Waits before a new attempt. */
  void pauseAfter(int futile) {
    try {
      Thread.sleep(pause.multipliedBy(1L << futile));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a server", e);
    }
  }
}
