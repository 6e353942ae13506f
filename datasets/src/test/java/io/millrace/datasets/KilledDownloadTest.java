package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  private static final int MIN_KILLS = 5;

  @TempDir Path folder;

  /** The process: downloads an address to a file. */
  static final class Downloader {
    private Downloader() {}

    public static void main(String[] args) {
      Path file = Path.of(args[1]);
      new Download(URI.create(args[0]), file, Patience.DEFAULT, (_, _) -> {}, Progress.NONE).run();
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
      server.pauseMillis = 4; // some seconds for the whole
      int kills = 0;
      while (!Files.exists(file)) {
        Process process = start(server.url(), file);
        process.waitFor(random.nextLong(500, 1500), TimeUnit.MILLISECONDS);
        kills += process.isAlive() ? 1 : 0;
        process.destroyForcibly().waitFor();
        server.pauseMillis = kills < MIN_KILLS ? 4 : 0;
      }
      String what = "kills=" + kills + ", ranges=" + server.ranges + ", seed=" + seed;
      assertTrue(kills >= 2, what);
      assertTrue(server.ranges.stream().anyMatch(range -> !range.isEmpty()), what);
      assertArrayEquals(content, Files.readAllBytes(file), what);
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
