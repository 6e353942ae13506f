package io.millrace.datasets.download;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a stream with a timeout: another thread reads, and the caller waits for it for a limited
 * time. Used by one thread, which closes it; the stream stays open.
 *
 * <p>It waits in parts: after a time in which the whole process stood still, it looks again for
 * what has arrived meanwhile.
 */
final class TimeoutReader implements AutoCloseable {
  private static final int PARTS = 10;

  private final InputStream in;
  private final Duration silence;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

  TimeoutReader(InputStream in, Duration silence) {
    this.in = in;
    this.silence = silence;
  }

  /**
   * Reads what is there, at least one byte.
   *
   * @return how many bytes, or -1 at the end
   * @throws IOException also after the timeout
   */
  int read(byte[] bytes) throws IOException {
    Future<Integer> count = reader.submit(() -> in.read(bytes));
    try {
      for (int part = 0; part < PARTS; part++) {
        try {
          return count.get(silence.toMillis() / PARTS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) { // the next part, or the end
        }
      }
      throw new IOException("no data for " + silence.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading", e);
    }
  }

  /** Interrupts a read that has not ended. */
  @Override
  public void close() {
    reader.shutdownNow();
  }
}
