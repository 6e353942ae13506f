package io.millrace.cli.ranks;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.CommandRun;
import io.millrace.cli.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code partition --save} in a process that is killed while it writes: its parts are all there or
 * none is, and the next run succeeds. The moments are other ones in every run; {@code
 * -Dkills=NUMBER} makes them more.
 */
@Tag("exhaustive")
class KilledPartitionTest {
  private static final int NUM_KILLS = Integer.getInteger("kills", 4);
  private static final int NUM_PARTS = 3;
  private static final int LIMIT_SECONDS = 120;

  @TempDir Path folder;

  @Test
  void leavesAllPartsOrNoneAndTheNextRunSucceeds() throws Exception {
    Path graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 100_000, "--edges", 300_000, "--out", graph, "--quiet");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path parts = folder.resolve("made/parts");
    long writeMillis = write(graph, folder.resolve("timed/parts"), Long.MAX_VALUE);
    int numHalf = 0;
    for (int kill = 0; kill < NUM_KILLS; kill++) {
      String what = "kill=" + kill + ", seed=" + seed;
      write(graph, parts, random.nextLong(1 + writeMillis));
      if (Files.exists(parts)) {
        assertWhole(parts, what);
        Files.move(parts, folder.resolve("whole-" + kill));
      } else {
        numHalf++;
      }
    }
    System.out.println("kills: " + NUM_KILLS + ", before the parts were whole: " + numHalf);
    CommandRun.ok("partition", graph, "--parts", NUM_PARTS, "--save", parts, "--quiet");
    assertWhole(parts, "after all kills");
    assertEquals(Set.of(parts), entries(parts.getParent()), "nothing else is left there");
  }

  /**
   * Cuts the graph in a process that is killed.
   *
   * @param millis after which it is killed, from when it begins to write
   * @return how long it has written
   */
  private long write(Path graph, Path parts, long millis) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName(),
                "partition",
                graph.toString(),
                "--parts",
                "" + NUM_PARTS,
                "--save",
                parts.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      Path above = parts.getParent();
      Set<Path> before = entries(above);
      while (process.isAlive() && entries(above).equals(before) && System.nanoTime() < until) {
        Thread.sleep(1);
      }
      long begin = System.nanoTime();
      process.waitFor(Math.min(millis, TimeUnit.SECONDS.toMillis(LIMIT_SECONDS)), MILLISECONDS);
      process.destroyForcibly();
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), Files.readString(output));
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Set<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.collect(Collectors.toSet());
    }
  }

  private static void assertWhole(Path parts, String what) {
    for (int p = 0; p < NUM_PARTS; p++) {
      CommandRun run = CommandRun.of("inspect", parts.resolve("part-" + p), "--quiet");
      assertEquals(0, run.exitCode(), what + ": " + run);
    }
  }
}
