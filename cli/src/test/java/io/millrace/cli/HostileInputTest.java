package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that would take the machine's memory, disk or time are refused before any work begins. */
class HostileInputTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  @TempDir static Path folder;
  private static Path graph;
  private static Path model;

  @BeforeAll
  static void trainsAModel() {
    graph = folder.resolve("graph");
    model = folder.resolve("model");
    CommandRun.ok(
        "generate", "planted", "--nodes", 200, "--classes", 3, "--features", 4, "--out", graph);
    CommandRun.ok("train", graph, "--fanout", "2,2", "--hidden", 4, "--epochs", 1, "--save", model);
  }

  private static void refused(String word, Object... arguments) {
    List<Object> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--quiet");
    assertTimeoutPreemptively(PATIENCE, () -> CommandRun.of(all.toArray())).assertBadInput(word);
  }

  private static void inferenceRefused(String word, Object... arguments) {
    Path out = folder.resolve("inferred");
    List<Object> all =
        new ArrayList<>(List.of("infer", graph, "--model", model, "--out", out, "--device", "cpu"));
    all.addAll(Arrays.asList(arguments));
    refused(word, all.toArray());
    assertFalse(Files.exists(out));
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    if (!Files.exists(pipe)) {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "a pipe");
    }
    return pipe;
  }

  @Test
  void refusesMoreThreadsThanCanStart() {
    inferenceRefused("computeThreads", "--compute-threads", 10_000);
    inferenceRefused("workers", "--workers", 1_000_000);
    refused("computeThreads", "train", graph, "--compute-threads", 10_000);
  }

  @Test
  void refusesShardsAndRangesThatWouldTakeAFileEach() {
    inferenceRefused("too many shards", "--shard", "0/2147483647");
    inferenceRefused("rangeNodes", "--range-nodes", 1);
  }

  @Test
  void refusesMemoryThatNoMachineHas() {
    inferenceRefused("memory", "--memory", "9999999t");
    refused(
        "memory", "generate", "rmat", "--memory", "9999999t", "--out", folder.resolve("no-memory"));
  }

  @Test
  void refusesAModelWiderOrDeeperThanAnyLibraryTakes() {
    refused("hidden", "train", graph, "--hidden", 2_000_000_000);
    refused("layers", "train", graph, "--layers", 2_000_000_000);
  }

  @Test
  void refusesAGraphThatTheDiskDoesNotHold() {
    Path out = folder.resolve("too-large");
    refused("features", "generate", "rmat", "--features", Integer.MAX_VALUE, "--out", out);
    refused(
        "not enough space on disk",
        "generate",
        "rmat",
        "--nodes",
        1_000_000_000,
        "--features",
        100_000,
        "--out",
        out);
    assertFalse(Files.exists(out));
  }

  @Test
  void refusesDeclaredDenseIdsOfNearlyNoEdges() throws IOException {
    Path edges = file("sparse.txt", "1 2\n0 2000000000\n");
    Path out = folder.resolve("sparse");
    refused("--ids long", "import", "edges", edges, "--ids", "dense", "--out", out);
    assertFalse(Files.exists(out));
  }

  @Test
  void refusesClassWeightsThatAreNotFinite() throws IOException {
    Path weights = file("weights.txt", "NaN 1 1");
    refused("weight", "train", graph, "--class-weights", weights, "--epochs", 1);
  }

  @Test
  void refusesAPipeWhereAFileIsRead() throws Exception {
    Path pipe = pipe();
    Path edges = file("edges.txt", "0 1\n1 2\n");
    Path out = folder.resolve("of-pipe");
    String rule = "regular file";
    refused(rule, "import", "edges", pipe, "--out", out);
    refused(rule, "import", "edges", edges, "--nodes", pipe, "--out", out);
    refused(rule, "import", "edges", edges, "--feature-file", pipe, "--out", out);
    refused(rule, "train", graph, "--class-weights", pipe);
    refused("pipe", "train", graph, "--epochs", 1, "--init", pipe);
    inferenceRefused(rule, "--nodes", pipe);
    inferenceRefused(rule, "--nodes", "/");
    assertFalse(Files.exists(out));
  }

  @Test
  void refusesAPipeInPlaceOfAFileOfADataset() throws Exception {
    Path damaged = Files.createDirectory(folder.resolve("damaged"));
    Files.createSymbolicLink(damaged.resolve("dataset.yaml"), pipe());
    refused("dataset.yaml", "inspect", damaged);
  }

  @Test
  void refusesAPortThatIsNone() {
    Path out = folder.resolve("downloaded");
    refused("port", "get", "arxiv", "--url", "http://localhost:99999/a.zip", "--out", out);
    assertEquals(List.of(), left("downloaded"));
  }

  private static List<Path> left(String prefix) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.getFileName().toString().contains(prefix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
