package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.RowGather;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
  void importSaysWhatFloat16LostAndReducesFeatures() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    Object[] command = {"import", "ogb", source, "--features", "float16", "--normalize", "column"};
    Path out = folder.resolve("half");
    CommandRun run = CommandRun.ok(with(command, "--out", out));
    assertTrue(run.out().contains("2 features (float16, rounded by at most 0.00"), run.out());
    JsonObject made =
        CommandRun.ok(with(command, "--out", folder.resolve("b"), "--json", "-")).json();
    assertTrue(made.get("feature_max_absolute_error").getAsDouble() < 1e-3);
    JsonObject found = CommandRun.ok("inspect", out, "--json", "-").json();
    assertEquals(made.get("feature_max_relative_error"), found.get("feature_max_relative_error"));

    JsonObject one = reduced(command, "one", 1);
    assertEquals(1, one.get("feature_dim").getAsInt());
    assertNotEquals(one.get("fingerprint"), made.get("fingerprint"));
    assertEquals(one.get("fingerprint"), reduced(command, "again", 1).get("fingerprint"));
    CommandRun.of(with(command, "--out", folder.resolve("x"), "--reduce", "3", "--quiet"))
        .assertBadInput("too few columns to reduce", "node-feat.csv.gz", "reduceTo=3");
  }

  @Test
  void importSaysThatFloat16LostNothing() throws IOException {
    Path source = TinyOgb.in(folder.resolve("tiny")).folder();
    CommandRun run =
        CommandRun.ok(
            "import", "ogb", source, "--out", folder.resolve("x"), "--features", "float16");
    assertTrue(
        run.out().contains("2 features (float16, which holds all values as they are)"), run.out());
  }

  private JsonObject reduced(Object[] command, String name, long seed) {
    Path out = folder.resolve(name);
    return CommandRun.ok(with(command, "--reduce", 1, "--seed", seed, "--out", out, "--json", "-"))
        .json();
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

  @Test
  void exportsADatasetAsOneNpzFile() throws IOException {
    Path dataset = folder.resolve("planted");
    CommandRun.ok("generate", "planted", "--nodes", 256, "--out", dataset);
    Path file = folder.resolve("planted.npz");
    JsonObject made = CommandRun.ok("export", dataset, "--out", file, "--json", "-").json();
    assertEquals(dataset.toString(), made.get("dataset").getAsString());
    try (ZipFile npz = new ZipFile(file.toFile())) {
      assertEquals(
          "edge_index.npy x.npy y.npy train_mask.npy val_mask.npy test_mask.npy",
          npz.stream().map(ZipEntry::getName).collect(Collectors.joining(" ")));
    }
    CommandRun.of("export", dataset, "--out", file).assertBadInput("exists already");
    CommandRun.of("export", folder, "--out", folder.resolve("x")).assertBadInput("");
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
    Object[] command = {"import", "ogb", source, "--json", "-", "--split", "random"};
    Object[] ample = with(command, "--out", folder.resolve("ample"));
    Object[] little = with(command, "--memory", "256m", "--out", folder.resolve("little"));
    assertEquals(
        CommandRun.ok(ample).json().get("fingerprint"),
        CommandRun.ok(little).json().get("fingerprint"));
    CommandRun run =
        CommandRun.of("generate", "rmat", "--out", folder.resolve("x"), "--memory", "1m");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("too little memory to build a graph: memory=1048576"), run.err());
  }

  private static Object[] with(Object[] command, Object... options) {
    return Stream.concat(Stream.of(command), Stream.of(options)).toArray();
  }

  @Test
  void doctorSaysWhatIsUsedAndWhyNotTheRest() {
    CommandRun run = CommandRun.ok("doctor");
    assertTrue(run.out().contains("2.7.1"), run.out());
    String gather = RowGather.of(GatherKind.AUTO).description();
    assertTrue(gather.startsWith("native, ") || gather.startsWith("java, because "), gather);
    assertTrue(run.out().contains(gather), run.out());
    JsonObject found = CommandRun.ok("doctor", "--json", "-").json();
    for (String key :
        new String[] {"jdk", "cpu", "memory", "gpu", "compute", "libtorch", "djl", "proxy"}) {
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
