package io.millrace.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.cli.CommandRun;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a bundle; that it runs, .ci/bundle shows. */
class BundleTest {
  private record Entry(boolean executable, String text) {}

  @TempDir private Path folder;

  private static Map<String, Entry> entries(Path archive) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry next = tar.getNextEntry(); next != null; next = tar.getNextEntry()) {
        String text = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        entries.put(next.getName(), new Entry((next.getMode() & 0111) == 0111, text));
      }
    }
    return entries;
  }

  @Test
  void anArchiveKeepsNamesContentsAndWhatMayBeExecuted() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/b"));
    Path program = Files.writeString(source.resolve("program"), "run");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    String longName = "n".repeat(200);
    Files.writeString(source.resolve(longName), "x");
    Files.createSymbolicLink(source.resolve("link"), program);

    Path archive = folder.resolve("a.tar.gz");
    try (TarGz out = TarGz.to(Files.newOutputStream(archive))) {
      out.addScript("top/start", "#!");
      out.addText("top/text", "some text");
      out.addFolder(folder.resolve("source"), "top/data");
    }

    assertEquals(
        Map.of(
            "top/start",
            new Entry(true, "#!"),
            "top/text",
            new Entry(false, "some text"),
            "top/data/b/program",
            new Entry(true, "run"),
            "top/data/b/link",
            new Entry(true, "run"),
            "top/data/b/" + longName,
            new Entry(false, "x")),
        entries(archive));
  }

  @Test
  void linksAreFollowedAndOneThatLeadsToItselfIsRefused() throws IOException {
    Path graph = Files.createDirectories(folder.resolve("graph"));
    Files.writeString(graph.resolve("dataset.yaml"), "name: graph");
    Path dictionary = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(dictionary.resolve("names"), "a b");
    Files.createSymbolicLink(graph.resolve("dictionary"), dictionary);
    Path link = Files.createSymbolicLink(folder.resolve("link"), graph);

    Path archive = folder.resolve("a.tar.gz");
    try (TarGz out = TarGz.to(Files.newOutputStream(archive))) {
      out.addFolder(link, "datasets/graph");
    }
    assertEquals(
        Set.of("datasets/graph/dataset.yaml", "datasets/graph/dictionary/names"),
        entries(archive).keySet());

    Files.createSymbolicLink(dictionary.resolve("loop"), graph);
    try (TarGz out = TarGz.to(Files.newOutputStream(folder.resolve("b.tar.gz")))) {
      assertThrows(IOException.class, () -> out.addFolder(link, "datasets/graph"));
    }
  }

  @Test
  @Tag("exhaustive")
  void holdsTheCommandARuntimeAndADatasetButNotLibtorch() throws IOException {
    Path jar = Files.writeString(folder.resolve("some.jar"), "jar");
    Path libtorch = Files.writeString(folder.resolve("pytorch-native-cpu-2.7.1.jar"), "large");
    Path parquet = Files.writeString(folder.resolve("parquet-hadoop-1.18.1.jar"), "optional");
    Path dataset = Files.createDirectories(folder.resolve("graph"));
    Files.writeString(dataset.resolve("dataset.yaml"), "name: graph");
    Path bench = Files.createDirectories(folder.resolve("bench")).resolve("bench.jar");
    Files.writeString(bench, "bench");
    Bundle bundle = new Bundle(List.of(jar, libtorch, parquet, bench), Optional.of(dataset));
    Path out = folder.resolve("bundle.tar.gz");

    long bytes = bundle.write(out, Progress.NONE);

    assertEquals(Files.size(out), bytes);
    Map<String, Entry> entries = entries(out);
    String top = bundle.folder() + "/";
    for (String script : List.of("millrace", "bin/start", "runtime/bin/java")) {
      assertTrue(entries.get(top + script).executable(), script);
    }
    assertTrue(entries.get(top + "bin/jvm.flags").text().contains("--enable-native-access"));
    assertTrue(entries.get(top + "README.txt").text().contains("PYTORCH_LIBRARY_PATH"));
    assertEquals("jar", entries.get(top + "lib/some.jar").text());
    assertEquals("bench", entries.get(top + "lib/bench/bench.jar").text());
    assertFalse(entries.containsKey(top + "lib/pytorch-native-cpu-2.7.1.jar"));
    assertFalse(entries.containsKey(top + "lib/parquet-hadoop-1.18.1.jar"));
    assertEquals("name: graph", entries.get(top + "datasets/graph/dataset.yaml").text());
  }

  /** Links a runtime for an archive at the path given. */
  static final class Linking {
    public static void main(String[] args) {
      LinkedRuntime.link(Path.of(args[0]), Progress.NONE).close();
    }
  }

  @Test
  @Tag("exhaustive")
  void aRuntimeNeedsNoTemporaryFolder() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder.resolve("none"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Linking.class.getName(),
                folder.resolve("a.tar.gz").toString())
            .redirectErrorStream(true)
            .start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), log);
  }

  @Test
  void refusesWhatItCannotBeMadeFromOrWrittenTo() throws IOException {
    BadInputException classes =
        assertThrows(
            BadInputException.class,
            () -> new Bundle(List.of(Path.of("target/classes")), Optional.empty()));
    assertTrue(classes.getMessage().contains("made from jars"), classes.getMessage());

    Bundle bundle = new Bundle(List.of(), Optional.empty());
    for (Path out : List.of(folder, folder.resolve("none/b.tar.gz"))) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> bundle.write(out, Progress.NONE));
      assertTrue(e.getMessage().contains("file=" + out), e.getMessage());
    }
    Path noDataset = folder.resolve("no-dataset");
    CommandRun run =
        CommandRun.of(
            "bundle", "--out", folder.resolve("b").toString(), "--dataset", noDataset.toString());
    assertEquals(2, run.exitCode());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @Tag("exhaustive")
  void aFailureOnTheWayLeavesNoHalfArchive() throws IOException {
    Bundle bundle = new Bundle(List.of(folder.resolve("missing.jar")), Optional.empty());

    assertThrows(
        BadInputException.class, () -> bundle.write(folder.resolve("b.tar.gz"), Progress.NONE));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }
}
