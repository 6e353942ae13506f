package io.millrace.bench.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.bench.harness.ProcessMemory;
import io.millrace.cli.CommandRun;
import io.millrace.cuda.CudaProbe;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.torch.TorchDevice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferBenchTest {
  private static final int NUM_NODES = 500;

  @TempDir private static Path folder;
  private static Path data;
  private static Path model;

  private static CommandRun infer(String... options) {
    List<String> args = new ArrayList<>(List.of("bench", "infer", data.toString()));
    args.addAll(List.of("--model", model.toString(), "--json", "-"));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private static JsonObject json(String... options) {
    return infer(options).json();
  }

  /** A model as {@code train} makes it unless it is told, but for its width. */
  @BeforeAll
  static void train() {
    data = folder.resolve("planted");
    model = folder.resolve("model");
    String nodes = Integer.toString(NUM_NODES);
    CommandRun made =
        CommandRun.of("generate", "planted", "--nodes", nodes, "--out", data.toString());
    assertEquals(0, made.exitCode(), made.err());
    String[] small = {"--hidden", "4", "--epochs", "1", "--save", model.toString()};
    List<String> args = new ArrayList<>(List.of("train", data.toString()));
    args.addAll(List.of(small));
    CommandRun trained = CommandRun.of(args.toArray());
    assertEquals(0, trained.exitCode(), trained.err());
  }

  @Test
  void measuresBothWaysAndSaysOfWhat() {
    String[] options = {"--nodes", "40", "--seed", "7", "--workers", "1", "--device", "cpu"};
    JsonObject result =
        json(Stream.concat(Stream.of(options), Stream.of("--rounds", "2")).toArray(String[]::new));

    assertEquals("bench infer", result.get("command").getAsString());
    assertEquals("cpu", result.get("device").getAsString());
    assertEquals("planted", result.get("dataset").getAsString());
    assertEquals(NUM_NODES, result.get("num_nodes").getAsInt());
    assertTrue(result.get("num_edges").getAsLong() > 0);
    JsonObject settings = result.getAsJsonObject("settings");
    assertEquals("20,20", settings.get("fanout").getAsString(), "as many as the model has layers");
    assertEquals(40, settings.get("nodes").getAsInt());
    assertEquals(7, settings.get("seed").getAsInt());
    assertEquals(2L << 30, settings.get("memory_bytes").getAsLong());
    double[] nodesPerSecond = new double[2];
    for (String name : List.of("layerwise", "sampled")) {
      JsonObject run = result.getAsJsonObject(name);
      assertTrue(run.get("bytes_read").getAsLong() > 0);
      nodesPerSecond[name.equals("sampled") ? 1 : 0] = run.get("nodes_per_second").getAsDouble();
    }
    assertEquals(nodesPerSecond[0] / nodesPerSecond[1], result.get("ratio").getAsDouble(), 1e-9);
    assertEquals(NUM_NODES, result.getAsJsonObject("layerwise").get("num_nodes").getAsInt());
    int sampled = result.getAsJsonObject("sampled").get("num_nodes").getAsInt();
    assertTrue(sampled > 30 && sampled <= 40, "drawn ones, each once: " + sampled);
  }

  @Test
  @Tag("exhaustive")
  void aPeakOfMemoryIsOfItsOwnRun() throws IOException {
    assumeTrue(ProcessMemory.restartPeak(), "the system does not count anew");
    try (Arena arena = Arena.ofConfined()) {
      arena.allocate(1L << 30);
    }
    long before = peakBytes();
    JsonObject result = json("--nodes", "40");
    for (String name : List.of("layerwise", "sampled")) {
      long peak = result.getAsJsonObject(name).get("peak_rss_bytes").getAsLong();
      assertTrue(peak > 0 && peak < before, name + ": " + peak + " of " + before);
    }
  }

  private static long peakBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFanoutThatDoesNotFitIsRefusedBeforeAnythingRuns() {
    InferBenchSettings settings = new InferBenchSettings(Fanout.of(5, 5, 5), 10, 1 << 30, 1, 1, 0);
    TorchDevice cpu = new TorchDevice.Cpu("of a test");
    try (GraphDataset opened = GraphDataset.open(data)) {
      ModelFile file = ModelFile.read(model);
      Exception e =
          assertThrows(
              BadInputException.class, () -> new InferContest(opened, file, settings, cpu).close());
      assertTrue(e.getMessage().startsWith("fanout must have one entry per layer"), e.toString());
    }
  }

  @Test
  void rejectsOptionsThatDoNotFit() {
    infer("--nodes", "-1").assertEndsInBadInput("--nodes must be positive: --nodes=-1");
    infer("--workers", "0").assertEndsInBadInput("--workers must be positive: --workers=0");
    if (CudaProbe.run() instanceof CudaProbe.Unusable(String reason)) {
      infer("--device", "gpu").assertEndsInBadInput("the GPU cannot be used", reason);
    }
  }
}
