package io.millrace.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.FileServer;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A download in processes that are killed at random moments, one after the other. */
@Tag("exhaustive")
class KilledDownloadTest {
  private static final int KILLS = 5;

  @TempDir Path folder;

  /** The process: downloads an address to a file. */
  static final class Downloader {
    private Downloader() {}

    public static void main(String[] args) {
      Path file = Path.of(args[1]);
      new Download(URI.create(args[0]), file, RetryPolicy.DEFAULT, (_, _) -> {}, Progress.NONE)
          .run();
    }
  }

  @Test
  void theNextProcessGoesOn() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] content = new byte[4 << 20];
    random.nextBytes(content);
    Path file = folder.resolve("file.zip");
    try (FileServer server = new FileServer(content)) {
      server.pauseMillis = 4; // or a kill would come too late
      int kills = 0;
      while (!Files.exists(file)) {
        Process process = start(server.url(), file);
        boolean killed = kills < KILLS;
        if (killed) {
          awaitBytes(process, random.nextLong(1, content.length / KILLS));
          process.destroyForcibly();
          kills++;
        } else {
          server.pauseMillis = 0;
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertTrue(killed || process.exitValue() == 0, "a download that nobody kills ends well");
      }
      String what = "kills=" + kills + ", ranges=" + server.ranges + ", seed=" + seed;
      assertTrue(server.ranges.stream().anyMatch(range -> !range.isEmpty()), what);
      assertArrayEquals(content, Files.readAllBytes(file), what);
    }
  }

  /** Until that many more have come, or the process has ended by itself. */
  private void awaitBytes(Process process, long more) throws Exception {
    File part = folder.resolve("file.zip.part").toFile();
    for (long goal = part.length() + more; process.isAlive() && part.length() < goal; ) {
      Thread.sleep(1);
    }
  }

  private static Process start(URI url, Path file) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Downloader.class.getName(),
            url.toString(),
            file.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
