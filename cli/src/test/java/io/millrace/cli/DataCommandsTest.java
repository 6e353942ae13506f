package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.RowGather;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** import, generate, inspect and doctor, when all is well. */
class DataCommandsTest {
  @TempDir Path folder;

  @Test
  void importsAndInspects() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    Path out = folder.resolve("imported");
    JsonObject made =
        CommandRun.ok(
                "import",
                "ogb",
                source,
                "--out",
                out,
                "--undirected",
                "--split",
                "random",
                "--normalize",
                "row",
                "--features",
                "float16",
                "--json",
                "-")
            .json();
    assertEquals("import ogb", made.get("command").getAsString());
    assertEquals("tiny", made.get("name").getAsString());
    assertEquals(10, made.get("num_edges").getAsInt());

    JsonObject found = CommandRun.ok("inspect", out, "--json", "-").json();
    assertEquals("inspect", found.get("command").getAsString());
    assertEquals(made.get("fingerprint"), found.get("fingerprint"));
    assertEquals("float16", found.get("feature_dtype").getAsString());
    assertEquals(2, found.getAsJsonObject("split").get("train").getAsInt());
  }

  @Test
  void inspectPrintsATable() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    CommandRun.ok("import", "ogb", source, "--out", folder.resolve("out"));
    CommandRun run = CommandRun.ok("inspect", folder.resolve("out"));
    assertTrue(run.out().contains("num nodes"), run.out());
    assertTrue(run.out().contains("train 2, valid 2, test 2"), run.out());
    assertTrue(run.err().contains("every invariant holds"), run.err());
  }

  @Test
  void importTellsWhatToTypeNext() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    Path out = folder.resolve("it's here");
    CommandRun run = CommandRun.ok("import", "ogb", source, "--out", out);
    assertTrue(run.err().contains("next: millrace train '" + folder), run.err());
    assertTrue(run.err().contains("it'\\''s here'"), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"planted", "rmat", "chung-lu"})
  void generatesTheSameFilesForTheSameSeed(String kind) {
    JsonObject one = generate(kind, "one", 1);
    JsonObject again = generate(kind, "again", 1);
    JsonObject other = generate(kind, "other", 2);
    assertEquals("generate " + kind, one.get("command").getAsString());
    assertEquals(one.get("fingerprint"), again.get("fingerprint"));
    assertNotEquals(one.get("fingerprint"), other.get("fingerprint"));
    CommandRun.ok("inspect", folder.resolve("one"), "--quiet");
  }

  @Test
  void memoryChangesNothingOfTheResult() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    String[] command = {"import", "ogb", source.toString(), "--json", "-", "--split", "random"};
    Object[] ample = withOptions(command, "--out", folder.resolve("ample"));
    Object[] little = withOptions(command, "--memory", "256m", "--out", folder.resolve("little"));
    assertEquals(
        CommandRun.ok(ample).json().get("fingerprint"),
        CommandRun.ok(little).json().get("fingerprint"));
    CommandRun run =
        CommandRun.of("generate", "rmat", "--out", folder.resolve("x"), "--memory", "1m");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("too little memory to build a graph: memory=1048576"), run.err());
  }

  private static Object[] withOptions(String[] command, Object... options) {
    return Stream.concat(Stream.of((Object[]) command), Stream.of(options)).toArray();
  }

  @Test
  void doctorSaysWhatIsUsedAndWhyNotTheRest() {
    CommandRun run = CommandRun.ok("doctor");
    assertTrue(run.out().contains("2.7.1"), run.out());
    String gather = RowGather.of(GatherKind.AUTO).description();
    assertTrue(gather.startsWith("native, ") || gather.startsWith("java, because "), gather);
    assertTrue(run.out().contains(gather), run.out());
    JsonObject found = CommandRun.ok("doctor", "--json", "-").json();
    for (String key : new String[] {"jdk", "cpu", "memory", "gpu", "compute", "libtorch", "djl"}) {
      assertTrue(!found.get(key).getAsString().isBlank(), key);
    }
  }

  private JsonObject generate(String kind, String name, long seed) {
    return CommandRun.ok(
            "generate",
            kind,
            "--nodes",
            256,
            "--features",
            4,
            "--out",
            folder.resolve(name),
            "--seed",
            seed,
            "--json",
            "-")
        .json();
  }
}
