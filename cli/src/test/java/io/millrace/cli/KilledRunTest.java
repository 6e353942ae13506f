package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.millrace.training.files.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training in a process that is killed at any moment: while it unpacks the kernel, makes the
 * built-in graph, trains, or saves. What it leaves is whole, and the next run works. The moments
 * are other ones in every run; {@code -Dkills=NUMBER} makes them more.
 */
@Tag("exhaustive")
class KilledRunTest {
  private static final int NUM_KILLS = Integer.getInteger("kills", 6);

  @TempDir Path folder;

  @Test
  void leavesNothingHalfWrittenAndTheNextRunWorks() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long wholeRunMillis = 0;
    for (int run = 0, kills = 0; kills < NUM_KILLS || run % 4 != 1; run++) {
      String what = "run=" + run + ", seed=" + seed;
      Path save = folder.resolve("model-" + run);
      Path json = folder.resolve("result-" + run + ".json");
      long begin = System.nanoTime();
      Process process = train(save, json);
      if (run % 4 > 0) { // each fourth run may end
        process.waitFor(random.nextLong(1 + wholeRunMillis), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        kills++;
      }
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), what + " hangs");
      if (run % 4 == 0) {
        assertEquals(0, process.exitValue(), what + ": " + Files.readString(folder.resolve("err")));
        wholeRunMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(Files.exists(json), what);
        assertEquals(List.of(), partial(folder.resolve("cache")), what);
      }
      assertWholeOrAbsent(save, json, what);
    }
  }

  private Process train(Path save, Path json) throws IOException {
    Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + root.resolve("build/jvm.flags"),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Millrace.class.getName(),
            "train",
            "--epochs",
            "3",
            "--hidden",
            "8",
            "--save",
            save.toString(),
            "--json",
            json.toString());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static void assertWholeOrAbsent(Path save, Path json, String what) throws IOException {
    if (Files.exists(save.resolve("model.safetensors"))) {
      assertFalse(ModelFile.read(save).info().toString().isEmpty(), what);
    }
    if (Files.exists(json)) {
      assertTrue(JsonParser.parseString(Files.readString(json)).isJsonObject(), what);
    }
  }

  /** What a killed run has left in the cache and the one after has not swept. */
  private static List<String> partial(Path cache) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cache)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("partial") || name.endsWith(".part"))
          .forEach(names::add);
    }
    return names;
  }
}
