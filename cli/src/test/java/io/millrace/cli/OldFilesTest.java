package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that commit 350207d wrote, in the resources {@code written-by-350207d}, are read, resumed
 * and predicted from as that commit did it.
 *
 * <p>libtorch's results depend on the kind of processor. On the kind that wrote the files (AMD
 * family 26) all bits must be the same; elsewhere the numbers must be close. Datasets and batches
 * are integer work and the same everywhere.
 */
class OldFilesTest {
  private static final double CLOSE = 1e-4;

  @TempDir Path folder;

  @BeforeEach
  void copyFiles() throws IOException, URISyntaxException {
    copy(Path.of(OldFilesTest.class.getResource("written-by-350207d").toURI()), folder);
    // The module that reads it has the dataset with names of nodes.
    String root = System.getProperty("maven.multiModuleProjectDirectory");
    copy(Path.of(root, "datasets/src/test/resources/text-350207d"), path("text"));
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        if (!file.equals(source) || !Files.exists(target)) {
          Files.copy(file, target.resolve(source.relativize(file).toString()));
        }
      }
    }
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  @Test
  void generatesTheSameDataset() throws IOException {
    CommandRun.ok(
        "generate",
        "planted",
        "--nodes",
        200,
        "--edges",
        1000,
        "--features",
        8,
        "--classes",
        3,
        "--seed",
        7,
        "--quiet",
        "--out",
        path("again"));
    assertSameFiles(path("planted"), path("again"));
  }

  @Test
  void importsTheSameDataset() throws IOException {
    CommandRun.ok(
        "import",
        "edges",
        path("text-source/edges.csv"),
        "--src-column",
        "payer",
        "--dst-column",
        "payee",
        "--weight-column",
        "amount",
        "--time-column",
        "when",
        "--edge-ids",
        "--nodes",
        path("text-source/nodes.csv"),
        "--id-column",
        "id",
        "--feature-columns",
        "f*",
        "--label-column",
        "y",
        "--split-column",
        "part",
        "--name",
        "text",
        "--quiet",
        "--out",
        path("again"));
    // Edges that have times are now in their order within a row.
    assertEquals(edgesByRow(path("text")), edgesByRow(path("again")));
    for (String dataset : List.of("text", "again")) {
      for (String file : List.of("indices", "edge_ids", "edge_weights", "edge_time")) {
        Files.delete(path(dataset).resolve(file + ".npy"));
      }
    }
    // The index of the names, and the list of all files, are of another version.
    Files.delete(path("text").resolve("dictionary/nodes.chm"));
    Files.delete(path("again").resolve("dictionary/bucket_starts.npy"));
    Files.delete(path("again").resolve("dictionary/bucket_nodes.npy"));
    Files.delete(path("text").resolve("dataset.yaml"));
    Files.delete(path("again").resolve("dataset.yaml"));
    assertSameFiles(path("text"), path("again"));
  }

  /** The edges of each node with all that they carry, sorted. */
  private static List<List<String>> edgesByRow(Path dataset) throws IOException {
    try (GraphDataset data = GraphDataset.open(dataset)) {
      CsrGraph graph = data.graph();
      EdgeAttributes edges = data.edges();
      return IntStream.range(0, graph.numNodes())
          .mapToObj(
              node ->
                  LongStream.range(graph.rowStart(node), graph.rowStart(node + 1))
                      .mapToObj(
                          at ->
                              Stream.of(
                                      graph.neighbor(at),
                                      edges.id(at),
                                      edges.weight(at),
                                      edges.time(at))
                                  .map(String::valueOf)
                                  .collect(Collectors.joining(" ")))
                      .sorted()
                      .toList())
          .toList();
    }
  }

  @Test
  void resumesBetweenEpochs() throws IOException {
    JsonObject run = resumed("model", "--epochs", 4);
    assertEquals("ba1dddf951fd604a", run.get("batches_digest").getAsString());
    assertLosses(
        run, 1.3763412555058798, 1.269284725189209, 1.2836076339085898, 1.1041947523752849);
    assertModel("resumed", path("model"));
  }

  @Test
  void resumesWithinAnEpoch() throws IOException {
    JsonObject run = resumed("midway");
    assertEquals("14cc7ba20f9b4f88", run.get("batches_digest").getAsString());
    assertLosses(run, 1.1189882357915242, 0.929604797065258, 0.8742217610279719, 0.753927860657374);
    assertModel("midway-resumed", path("midway"));
  }

  @Test
  void predictsLayerByLayer() throws IOException {
    infer("planted", "--csv", "--embeddings", "--out", path("out"));
    assertRows("exact", "scores.npy", "embeddings.npy");
  }

  @Test
  void finishesAnInterruptedInference() throws IOException {
    Files.move(path("unfinished"), path("out"));
    infer("planted", "--csv", "--embeddings", "--out", path("out"));
    assertRows("exact", "scores.npy", "embeddings.npy");
  }

  @Test
  void predictsFromSamples() throws IOException {
    infer("planted", "--mode", "sampled", "--fanout", "3,3", "--repeat", 2, "--out", path("out"));
    assertRows("sampled", "scores.npy");
  }

  @Test
  void predictsNodesByName() throws IOException {
    infer("text", "--nodes", path("text-source/some.txt"), "--csv", "--out", path("out"));
    assertRows("text-some", "scores.npy");
    assertArrayEquals(
        Files.readAllBytes(path("expected/text-some/nodes.npy")),
        Files.readAllBytes(path("out/nodes.npy")));
  }

  private JsonObject resumed(String model, Object... more) {
    Object[] args = {"train", path("planted"), "--resume", path(model), "--json", "-", "--debug"};
    CommandRun run =
        CommandRun.ok(Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray());
    return run.json().getAsJsonArray("runs").get(0).getAsJsonObject();
  }

  private void infer(String dataset, Object... more) {
    Object[] args = {"infer", path(dataset), "--model", path("model"), "--scores", "--quiet"};
    Object[] machine = {"--compute-threads", 1, "--device", "cpu"};
    CommandRun.ok(Stream.of(args, machine, more).flatMap(Arrays::stream).toArray());
  }

  private static void assertLosses(JsonObject run, double... expected) {
    JsonArray losses = run.getAsJsonArray("losses");
    double[] found = losses.asList().stream().mapToDouble(it -> it.getAsDouble()).toArray();
    assertArrayEquals(expected, found, CLOSE);
  }

  private void assertModel(String expected, Path model) throws IOException {
    byte[] before = Files.readAllBytes(path("expected/" + expected + "/model.safetensors"));
    byte[] now = Files.readAllBytes(model.resolve("model.safetensors"));
    assertEquals(before.length, now.length);
    if (processorIsTheSame()) {
      assertArrayEquals(before, now);
    }
  }

  private void assertRows(String expected, String... arrays) throws IOException {
    for (String name : arrays) {
      Path before = path("expected/" + expected + "/" + name);
      assertArrayEquals(floats(before), floats(path("out/" + name)), (float) CLOSE, name);
      if (processorIsTheSame()) {
        assertEquals(-1, Files.mismatch(before, path("out/" + name)), name);
      }
    }
  }

  /** Of the little arrays here, whose header has 128 bytes. */
  private static float[] floats(Path npy) throws IOException {
    byte[] bytes = Files.readAllBytes(npy);
    FloatBuffer values =
        ByteBuffer.wrap(bytes, 128, bytes.length - 128)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] floats = new float[values.remaining()];
    values.get(floats);
    return floats;
  }

  private static boolean processorIsTheSame() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    String text = Files.exists(processors) ? Files.readString(processors) : "";
    return text.contains("AuthenticAMD") && text.matches("(?s).*cpu family\\s*: 26\\n.*");
  }

  private static String fingerprint(Path dataset) {
    try (GraphDataset data = GraphDataset.open(dataset)) {
      return data.fingerprint();
    }
  }

  private static void assertSameFiles(Path expected, Path found) throws IOException {
    List<Path> names = files(expected);
    assertEquals(names, files(found));
    for (Path name : names) {
      assertEquals(-1, Files.mismatch(expected.resolve(name), found.resolve(name)), name + "");
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }
}
