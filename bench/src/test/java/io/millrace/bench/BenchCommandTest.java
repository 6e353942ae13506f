package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.Millrace;
import io.millrace.cuda.CudaProbe;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench command as the millrace command finds it. */
class BenchCommandTest {
  private static final String[] SMALL = {
    "--fanout", "6,4", "--batch-size", "64", "--batches", "2", "--rounds", "2"
  };

  @TempDir private static Path folder;
  private static String plain;
  private static String featured;

  private record Run(int exitCode, String out, String err) {}

  private static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Millrace.run(
            args,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Run sampler(String dataset, String... options) {
    List<String> args = new ArrayList<>(List.of("bench", "sampler", dataset));
    args.addAll(List.of(SMALL));
    args.addAll(List.of(options));
    return run(args.toArray(String[]::new));
  }

  private static JsonObject json(String dataset, String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.addAll(List.of("--json", "-"));
    Run run = sampler(dataset, args.toArray(String[]::new));
    assertEquals(0, run.exitCode, run.toString());
    return JsonParser.parseString(run.out).getAsJsonObject();
  }

  private static void assertBadInput(Run run, String... words) {
    assertEquals(2, run.exitCode, run.toString());
    for (String word : words) {
      assertTrue(run.err.lines().toList().getLast().contains(word), run.err);
    }
  }

  @BeforeAll
  static void makeGraphs() {
    plain = folder.resolve("plain").toString();
    featured = folder.resolve("featured").toString();
    TestGraphs.dataset(TestGraphs.random(2000, 5)).save(Path.of(plain));
    TestGraphs.withFeatures(TestGraphs.random(2000, 5), 8).save(Path.of(featured));
  }

  @Test
  void theCommandListsItsBenchmarks() {
    assertTrue(run("--help").out.contains("\n  bench "));
    String help = run("bench", "--help").out;
    for (String name : List.of("sampler", "slicer", "transfer", "step", "epoch", "jmh")) {
      assertTrue(help.contains("\n  " + name + " "), help);
    }
    String sampler = run("bench", "sampler", "--help").out;
    assertTrue(sampler.contains("--explore"));
    assertFalse(sampler.contains("two cores"), "its --workers are all cores by default");
    assertBadInput(run("bench"), "a benchmark is needed", "sampler");
  }

  @Test
  void measuresTheProductBesideTheNaiveSamplerOnSeveralThreads() {
    JsonObject result = json(plain, "--workers", "3", "--map", "hash");

    assertEquals("random", result.get("dataset").getAsString());
    assertEquals(2000, result.get("num_nodes").getAsInt());
    for (String field : List.of("machine", "jvm", "system", "arguments", "num_edges")) {
      assertFalse(result.get(field).getAsString().isEmpty(), field);
    }
    assertEquals(3, result.getAsJsonObject("settings").get("workers").getAsInt());
    assertEquals("flat hash", result.get("map").getAsString());
    assertEquals(2 * 3, result.getAsJsonArray("runs").size());
    for (JsonElement run : result.getAsJsonArray("runs")) {
      assertTrue(run.getAsJsonObject().get("edges_per_second").getAsDouble() > 0);
    }
    Run table = sampler(plain, "--workers", "1", "--quiet");
    assertTrue(table.out.contains("naive fastutil"), table.out);
    assertEquals("", table.err);
  }

  @Test
  void measuresSlicing() {
    JsonObject run =
        json(featured, "--slice", "--workers", "1").getAsJsonArray("runs").get(0).getAsJsonObject();

    double batches = run.get("batches_per_second").getAsDouble();
    double rowsPerSecond = run.get("feature_bytes_per_second").getAsDouble() / (8 * Float.BYTES);
    assertEquals(run.get("nodes_per_batch").getAsDouble(), rowsPerSecond / batches, 100);
    assertTrue(sampler(featured, "--slice", "--workers", "1").out.contains("GB/s"));
    assertBadInput(sampler(plain, "--slice"), "--slice needs features", "millrace generate");
  }

  @Test
  void exploresTheDesignSpace() {
    JsonObject result = json(plain, "--explore", "--workers", "2", "--only", "direct address");

    assertEquals("millrace, direct address, in memory", result.get("chosen").getAsString());
    Set<String> digests = new TreeSet<>();
    double before = Double.MAX_VALUE;
    for (JsonElement element : result.getAsJsonArray("variants")) {
      JsonObject variant = element.getAsJsonObject();
      for (String field : List.of("name", "map", "order", "draw", "memory")) {
        assertFalse(variant.get(field).getAsString().isEmpty(), field);
      }
      double edgesPerSecond = variant.get("edges_per_second").getAsDouble();
      assertTrue(edgesPerSecond <= before, "the fastest comes first");
      before = edgesPerSecond;
      assertEquals(1e9, edgesPerSecond * variant.get("ns_per_edge").getAsDouble(), 1);
      assertTrue(variant.get("edges_per_batch").getAsDouble() > 64);
      assertTrue(variant.get("nodes_per_batch").getAsDouble() > 64);
      assertTrue(variant.get("bytes_per_batch").getAsDouble() >= 0);
      if (variant.get("name").equals(result.get("baseline"))) {
        assertEquals(1.0, variant.get("speedup").getAsDouble());
      }
      digests.add(variant.get("digest").getAsString());
    }
    assertEquals(1 + 16 + 3, result.getAsJsonArray("variants").size());
    assertEquals(1, digests.size());
    String table = sampler(plain, "--explore", "--only", "millrace").out;
    assertTrue(table.contains("millrace, direct address, in memory  <- the default"), table);
  }

  private static JsonObject json(Run run) {
    assertEquals(0, run.exitCode, run.toString());
    return JsonParser.parseString(run.out).getAsJsonObject();
  }

  @Test
  void measuresTheRowGatherBesideAPlainCopy() {
    String[] small = {"--batch-rows", "500", "--batches", "2", "--rounds", "2", "--workers", "1"};
    List<String> args = new ArrayList<>(List.of("bench", "slicer", featured, "--json", "-"));
    args.addAll(List.of(small));
    JsonObject result = json(run(args.toArray(String[]::new)));

    assertEquals("bench slicer", result.get("command").getAsString());
    assertEquals(2000, result.get("num_nodes").getAsInt());
    Set<String> names = new TreeSet<>();
    for (JsonElement element : result.getAsJsonArray("variants")) {
      JsonObject variant = element.getAsJsonObject();
      names.add(variant.get("name").getAsString());
      double rowsPerSecond = variant.get("rows_per_second").getAsDouble();
      assertEquals(
          rowsPerSecond * 8 * Float.BYTES, variant.get("gb_per_second").getAsDouble() * 1e9, 1);
    }
    assertTrue(names.containsAll(Set.of("copy", "java")), names.toString());
    assertBadInput(run("bench", "slicer", plain), "no features");
    assertBadInput(run("bench", "slicer", featured, "--batch-rows", "0"), "--batch-rows=0");
  }

  @Test
  void measuresEpochsOneChangeAtATime() {
    String graph = folder.resolve("planted").toString();
    assertEquals(0, run("generate", "planted", "--nodes", "500", "--out", graph).exitCode);
    JsonObject result =
        json(
            run(
                "bench",
                "epoch",
                graph,
                "--fanout",
                "3,2",
                "--hidden",
                "4",
                "--batch-size",
                "64",
                "--rounds",
                "2",
                "--workers",
                "2",
                "--json",
                "-"));

    assertTrue(List.of("cpu", "gpu").contains(result.get("device").getAsString()));
    List<String> names = new ArrayList<>();
    for (JsonElement element : result.getAsJsonArray("variants")) {
      JsonObject variant = element.getAsJsonObject();
      names.add(variant.get("name").getAsString());
      if (!variant.has("why_not")) {
        assertTrue(
            variant.get("epoch_seconds").getAsDouble()
                >= variant.get("compute_seconds").getAsDouble());
        assertEquals(
            1,
            variant.get("wait_share").getAsDouble()
                + variant.get("device_busy_share").getAsDouble(),
            1e-9);
      }
    }
    assertEquals(List.of("serial", "+workers", "+pinned", "+overlap"), names);
    assertTrue(result.get("overlap_ratio").getAsDouble() > 0);
    assertBadInput(run("bench", "epoch", featured), "labels");
    assertBadInput(run("bench", "epoch", graph, "--compute-threads", "0"), "--compute-threads=0");
    if (CudaProbe.run() instanceof CudaProbe.Unusable(String reason)) {
      assertBadInput(
          run("bench", "epoch", graph, "--device", "gpu"), "the GPU cannot be used", reason);
    }
  }

  @Test
  void copiesToAGpuAreMeasuredOnOneOrRefusedWithTheReason() {
    assertBadInput(run("bench", "transfer", "--device", "cpu"), "leave out --device cpu");
    assertBadInput(run("bench", "transfer", "--slots", "0"), "--slots=0");
    if (CudaProbe.run() instanceof CudaProbe.Unusable(String reason)) {
      assertBadInput(run("bench", "transfer"), "the GPU cannot be used", reason);
    }
  }

  @Test
  void measuresTrainingStepsBesideThoseWithoutAggregation() {
    Run run = run("bench", "step", "--hidden", "4", "--rounds", "1", "--json", "-");
    assertEquals(0, run.exitCode, run.toString());
    JsonObject result = JsonParser.parseString(run.out).getAsJsonObject();
    assertEquals("fused mean", result.get("chosen").getAsString());
    assertEquals("[270000,104000,15000]", result.get("num_edges").toString());
    List<String> names = new ArrayList<>();
    for (JsonElement element : result.getAsJsonArray("variants")) {
      JsonObject variant = element.getAsJsonObject();
      names.add(variant.get("name").getAsString());
      assertTrue(variant.get("step_ms").getAsDouble() > 0);
      assertTrue(variant.get("ratio").getAsDouble() > 0);
    }
    assertEquals(List.of("linears only", "fused mean", "COO matmul", "index_add"), names);
    assertEquals("cpu", result.get("device").getAsString());
    assertBadInput(run("bench", "step", "--rounds", "0"), "--rounds=0");
    assertBadInput(run("bench", "step", "--device", "gpu"), "leave out --device gpu");
  }

  @Test
  void rejectsOptionsThatDoNotFit() {
    assertBadInput(sampler(plain, "--explore", "--slice"), "exclude each other");
    assertBadInput(sampler(plain, "--explore", "--map", "hash"), "--map");
    assertBadInput(sampler(plain, "--only", "x"), "--explore");
    assertBadInput(sampler(plain, "--explore", "--only", "no such"), "no variant", "no such");
    assertBadInput(sampler(plain, "--explore", "--only", "("), "--only");
    assertBadInput(run("bench", "sampler", plain, "--rounds", "0"), "--rounds=0");
    assertBadInput(sampler(plain, "--map", "tree"), "expected one of auto, hash, direct");
    assertBadInput(run("bench", "sampler", plain, "--fanout", "0"), "fanout must be positive");
    assertBadInput(sampler(folder.resolve("none").toString()), "none");
    assertBadInput(run("bench", "jmh", "--no-such-option"), "no-such-option");
    System.setProperty("jmh.ignoreLock", "true"); // of other processes that measure
    assertBadInput(run("bench", "jmh", "NoSuch"), "no benchmark has such a name", "NoSuch");
    assertBadInput(
        run("bench", "jmh", "SampleBenchmark", "-prof", "nosuch"), "JMH refuses its arguments");
  }
}
