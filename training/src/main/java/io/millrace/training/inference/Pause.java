package io.millrace.training.inference;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Waiting for other processes. */
final class Pause {
  private Pause() {}

  /**
   * @throws CancellationException if the thread is interrupted
   */
  static void of(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for another process");
    }
  }
}
