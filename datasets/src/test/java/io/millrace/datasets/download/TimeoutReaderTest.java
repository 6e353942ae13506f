package io.millrace.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TimeoutReaderTest {
  private final byte[] bytes = new byte[10];

  @Test
  void readsWhatThereIsUpToTheEnd() throws IOException {
    InputStream in = new ByteArrayInputStream(new byte[] {1, 2, 3});
    try (TimeoutReader reads = new TimeoutReader(in, Duration.ofMinutes(1))) {
      assertEquals(3, reads.read(bytes));
      assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(bytes, 3));
      assertEquals(-1, reads.read(bytes));
    }
  }

  @Test
  void waitsNoLongerThanGivenAndInterruptsTheRead() throws InterruptedException {
    Silent in = new Silent();
    try (TimeoutReader reads = new TimeoutReader(in, Duration.ofSeconds(1))) {
      IOException e = assertThrows(IOException.class, () -> reads.read(bytes));
      assertEquals("no data for 1 s", e.getMessage());
    }
    in.interrupted.await();
  }

  @Test
  void whatTheStreamThrowsIsThrown() throws IOException {
    IOException broken = new IOException("broken");
    InputStream in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw broken;
          }
        };
    try (TimeoutReader reads = new TimeoutReader(in, Duration.ofMinutes(1))) {
      assertEquals(broken, assertThrows(IOException.class, () -> reads.read(bytes)));
    }
  }

  /** Without looking again, it would report silence because its own clock went on. */
  @Test
  @Tag("exhaustive")
  void dataThatArrivesWhileTheProcessStandsStillIsRead() throws Exception {
    InputStream late =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              Thread.sleep(900);
            } catch (InterruptedException e) {
              throw new InterruptedIOException();
            }
            return -1;
          }
        };
    long self = ProcessHandle.current().pid();
    String stop = "sleep .2; kill -STOP %d; sleep 1.5; kill -CONT %d".formatted(self, self);
    try (TimeoutReader reads = new TimeoutReader(late, Duration.ofSeconds(1))) {
      Process stopping = new ProcessBuilder("bash", "-c", stop).start();
      assertEquals(-1, reads.read(bytes));
      assertEquals(0, stopping.waitFor());
    }
  }

  /** Never has a byte. */
  private static final class Silent extends InputStream {
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      try {
        Thread.sleep(Duration.ofDays(1));
        return -1;
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw new InterruptedIOException();
      }
    }
  }
}
