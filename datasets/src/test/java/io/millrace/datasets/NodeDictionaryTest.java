package io.millrace.datasets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.Checksums;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names on disk, of this version, of an older one and hostile ones; reading them writes nothing.
 */
class NodeDictionaryTest {
  private static final List<String> NAMES = List.of("anna", "žluť", "客户42", "Smith, J", "?");

  @TempDir Path folder;

  private Path save(List<String> texts) {
    Path out = folder.resolve("names");
    Arena arena = Arena.ofShared();
    NodeNames names = NameIndexTest.names(texts);
    CsrGraph graph = CsrGraph.of(new long[texts.size() + 1], new int[0]);
    try (GraphDataset data =
        GraphDataset.builder("names", graph)
            .owning(arena)
            .dictionary(
                new NodeDictionary(names, progress -> NameIndex.inMemory(names, arena, progress)))
            .build()) {
      data.save(out);
    }
    return out;
  }

  /** A dataset that commit 350207d made of 40 names, with a chronicle-map in {@code nodes.chm}. */
  private Path old() throws IOException {
    Path source = Path.of("src/test/resources/text-350207d");
    Path copy = folder.resolve("old");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(source.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return copy;
  }

  private static void inspect(Path dataset) {
    DatasetInspector.inspect(dataset, Progress.NONE);
  }

  /** Writes {@code dataset.yaml} as someone would who changed a file on purpose. */
  private static void seal(Path dataset, String changed) throws IOException {
    Path yaml = dataset.resolve("dataset.yaml");
    Path file = dataset.resolve(changed);
    String entry =
        "  %s:\n    bytes: %d\n    sha256: %s\n"
            .formatted(changed, Files.size(file), Checksums.sha256Hex(file));
    String text = Files.readString(yaml);
    String body = text.replaceFirst("^sha256: .*\n", "");
    String resealed = body.replaceAll("  " + changed + ":\n.*\n.*\n", entry);
    assertTrue(resealed.contains(entry), resealed);
    Files.writeString(yaml, resealed);
  }

  private static void writeInts(Path dataset, String name, int... values) throws IOException {
    Path file = dataset.resolve(name);
    Files.delete(file);
    try (NpyWriter npy = NpyWriter.create(file, NpyType.INT32, values.length)) {
      npy.write(MemorySegment.ofArray(values));
      npy.finish();
    }
    seal(dataset, name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void leadsFromNamesToNodesAndBack(int numNames) {
    Path path = save(NAMES.subList(0, numNames));
    inspect(path);
    for (StorageMode mode : StorageMode.values()) {
      try (GraphDataset data = GraphDataset.open(path, mode)) {
        NodeDictionary names = data.dictionary().orElseThrow();
        assertEquals(numNames, names.numNodes());
        for (int node = 0; node < numNames; node++) {
          assertEquals(NAMES.get(node), names.name(node));
          assertEquals(OptionalInt.of(node), names.node(NAMES.get(node)));
        }
        assertEquals(OptionalInt.empty(), names.node("Anna"));
        assertEquals(OptionalInt.empty(), names.node("\ud83d"), "half a pair is not \"?\"");
      }
    }
  }

  @Test
  void opensAnOlderDatasetAndNeverParsesItsMap() throws IOException {
    Path path = old();
    inspect(path);
    Path map = path.resolve("dictionary/nodes.chm");
    byte[] hostile = "!net.openhft.chronicle.hash.impl.VanillaChronicleHash".getBytes(ISO_8859_1);
    Files.write(map, Arrays.copyOf(hostile, 100));
    seal(path, "dictionary/nodes.chm");
    inspect(path);
    try (GraphDataset data = GraphDataset.open(path)) {
      NodeDictionary names = data.dictionary().orElseThrow();
      assertEquals("e6341af70faff810", data.fingerprint());
      assertEquals(
          List.of(0, 5, 39, 17, 18),
          Stream.of("acct-0", "Zoë 95", "x_41", "Zoë 23", "客户42")
              .map(name -> names.node(name).orElseThrow())
              .toList());
      assertEquals(OptionalInt.empty(), names.node("nobody"));
      data.save(folder.resolve("new"));
    }
    assertEquals(100, Files.size(map));
  }

  @Test
  void savesAnOlderDatasetWithAnIndexAndTheSameFingerprint() throws IOException {
    Path out = folder.resolve("new");
    try (GraphDataset old = GraphDataset.open(old())) {
      old.save(out);
    }
    inspect(out);
    try (GraphDataset data = GraphDataset.open(out)) {
      assertEquals("e6341af70faff810", data.fingerprint());
      assertEquals(OptionalInt.of(18), data.dictionary().orElseThrow().node("客户42"));
    }
    assertFalse(Files.exists(out.resolve("dictionary/nodes.chm")));
    assertTrue(Files.exists(out.resolve("dictionary/bucket_nodes.npy")));
  }

  @Test
  void inspectRefusesADamagedMapOfAnOlderDataset() throws IOException {
    Path path = old();
    Path map = path.resolve("dictionary/nodes.chm");
    byte[] bytes = Files.readAllBytes(map);
    bytes[bytes.length / 2] ^= 1;
    Files.write(map, bytes);
    Expect.badInput(() -> inspect(path), "checksum differs", "file=" + map);
  }

  @Test
  void refusesAnIndexOfAnotherLength() throws IOException {
    Path path = save(NAMES);
    writeInts(path, "dictionary/bucket_nodes.npy", 0, 1, 2, 3);
    Expect.badInput(
        () -> GraphDataset.open(path),
        "shape does not fit dataset.yaml",
        "bucket_nodes.npy, shape=[4], need=[5]");
    writeInts(path, "dictionary/bucket_nodes.npy", 0, 1, 2, 3, 4);
    writeInts(path, "dictionary/bucket_starts.npy", new int[17]);
    Expect.badInput(() -> GraphDataset.open(path), "bucket_starts.npy, shape=[17], need=[9]");
  }

  @Test
  void refusesAnIndexThatIsHalfThere() throws IOException {
    Path path = save(NAMES);
    Path yaml = path.resolve("dataset.yaml");
    String text = Files.readString(yaml);
    String body = text.substring(text.indexOf('\n') + 1);
    Files.writeString(yaml, body.replaceAll("  dictionary/bucket_nodes.npy:\n.*\n.*\n", ""));
    Expect.badInput(() -> GraphDataset.open(path), "file is not listed", "bucket_nodes.npy");
  }

  @Test
  void inspectRefusesAnIndexThatDoesNotFitTheNames() throws IOException {
    Path path = save(NAMES);
    writeInts(path, "dictionary/bucket_nodes.npy", 0, 0, 0, 0, 0);
    Expect.badInput(() -> inspect(path), "dictionary is damaged: folder=" + path);
    writeInts(path, "dictionary/bucket_starts.npy", 0, 9, 9, 9, 9, 9, 9, 9, 5);
    Expect.badInput(() -> inspect(path), "dictionary is damaged: folder=" + path, "bucket=");
  }

  @Test
  void refusesNodesOfOneNameInAnOlderDataset() throws IOException {
    Path path = old();
    Path bytes = path.resolve("dictionary/name_bytes.npy");
    String text = Files.readString(bytes, ISO_8859_1);
    Files.writeString(bytes, text.replace("acct-76", "acct-52"), ISO_8859_1);
    seal(path, "dictionary/name_bytes.npy");
    Expect.badInput(() -> inspect(path), "nodes must have different names: folder=" + path);
  }

  @Test
  void readingWritesNothing() throws IOException {
    for (Path path : List.of(save(NAMES), old())) {
      Map<Path, FileTime> before = times(path);
      before.keySet().forEach(file -> assertTrue(file.toFile().setReadOnly()));
      try {
        inspect(path);
        try (GraphDataset data = GraphDataset.open(path)) {
          NodeDictionary names = data.dictionary().orElseThrow();
          IntStream.range(0, names.numNodes()).forEach(v -> names.node(names.name(v)));
        }
        assertEquals(before, times(path));
      } finally {
        before.keySet().forEach(file -> file.toFile().setWritable(true));
      }
    }
  }

  private static Map<Path, FileTime> times(Path root) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  @Tag("exhaustive")
  void severalProcessesInspectAtOnceAndMayBeKilled() throws Exception {
    for (Path path : List.of(save(NAMES), old())) {
      Path index = path.resolve("dictionary");
      byte[] before = contents(index);
      List<Process> readers = List.of(inspecting(path), inspecting(path));
      try {
        for (Process reader : readers) {
          assertEquals("inspected", reader.inputReader().readLine());
        }
        inspect(path);
      } finally {
        readers.forEach(Process::destroyForcibly);
      }
      for (Process reader : readers) {
        assertTrue(reader.waitFor(1, TimeUnit.MINUTES));
      }
      inspect(path);
      assertArrayEquals(before, contents(index));
    }
  }

  private static byte[] contents(Path directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        all.append(file).append(Files.readString(file, ISO_8859_1));
      }
    }
    return all.toString().getBytes(ISO_8859_1);
  }

  private static Process inspecting(Path path) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Inspecting.class.getName(),
            path.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Inspects again and again, for a minute at most. */
  static final class Inspecting {
    private Inspecting() {}

    public static void main(String[] args) {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (System.nanoTime() < end) {
        inspect(Path.of(args[0]));
        System.out.println("inspected");
      }
    }
  }
}
