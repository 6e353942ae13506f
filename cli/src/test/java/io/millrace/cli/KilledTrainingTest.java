package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed without warning, at any moment. */
@Tag("exhaustive")
class KilledTrainingTest {
  private static final int KILLS = 8;
  private static final int MOST_CHECKPOINTS = 60; // of some 750: no kill comes after the end
  private static final int LONGEST_START_MS = 3_000;

  @TempDir private Path folder;

  @Test
  void aTrainingThatIsKilledAgainAndAgainEndsWithTheWeightsOfTheUninterruptedOne()
      throws Exception {
    CommandRun.ok(
        "generate", "planted", "--nodes", 900, "--features", 8, "--out", folder.resolve("graph"));
    Path whole = folder.resolve("whole");
    assertTrue(start(whole, "whole").waitFor(5, TimeUnit.MINUTES));

    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path killed = folder.resolve("killed");
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start(killed, "kill-" + kill);
      if (kill % 3 == 2) {
        process.waitFor(random.nextInt(LONGEST_START_MS), TimeUnit.MILLISECONDS);
      } else {
        awaitCheckpoints(process, killed, 1 + random.nextInt(MOST_CHECKPOINTS));
        TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
      }
      process.destroyForcibly().waitFor();
    }
    assertTrue(start(killed, "last").waitFor(5, TimeUnit.MINUTES));

    String where = "seed " + seed + ", resumed " + resumed();
    assertTrue(resumed().size() >= 5, "killed too early, or the training is too short: " + where);
    assertEquals(losses("whole"), losses("last"), where);
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(killed.resolve("model.safetensors")),
        where);
  }

  private static void awaitCheckpoints(Process process, Path model, int count) throws Exception {
    Path file = model.resolve("checkpoint.safetensors");
    FileTime last = written(file);
    for (int seen = 0; seen < count && process.isAlive(); ) {
      FileTime now = written(file);
      if (!now.equals(last)) {
        seen++;
        last = now;
      }
      Thread.sleep(1);
    }
  }

  private static FileTime written(Path file) throws IOException {
    return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
  }

  private Process start(Path model, String name) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    command.addAll(List.of("train", folder.resolve("graph").toString(), "--epochs", "150"));
    command.addAll(List.of("--hidden", "16", "--fanout", "5,5", "--batch-size", "64"));
    command.addAll(List.of("--virtual-nodes", "2", "--compute-threads", "1"));
    command.addAll(List.of("--checkpoint-every", "2", "--resume", model.toString()));
    command.addAll(List.of("--json", "-"));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  /** The losses of all epochs, with all their digits, and the digest of all batches. */
  private List<String> losses(String name) throws IOException {
    JsonObject result =
        JsonParser.parseString(Files.readString(folder.resolve(name + ".out"))).getAsJsonObject();
    JsonObject run = result.getAsJsonArray("runs").get(0).getAsJsonObject();
    return List.of(run.get("losses").toString(), run.get("batches_digest").toString());
  }

  private List<String> resumed() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Files.readAllLines(folder.resolve("kill-" + kill + ".err")).stream()
          .filter(line -> line.startsWith("resumed "))
          .forEach(lines::add);
    }
    return lines;
  }
}
