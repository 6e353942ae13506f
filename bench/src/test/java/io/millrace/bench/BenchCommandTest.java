package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import io.millrace.cuda.CudaProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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

  private static CommandRun sampler(String dataset, String... options) {
    List<String> args = new ArrayList<>(List.of("bench", "sampler", dataset));
    args.addAll(List.of(SMALL));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private static JsonObject json(String dataset, String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.addAll(List.of("--json", "-"));
    return sampler(dataset, args.toArray(String[]::new)).json();
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
    assertTrue(CommandRun.of("--help").out().contains("\n  bench "));
    String help = CommandRun.of("bench", "--help").out();
    for (String name : List.of("sampler", "slicer", "transfer", "step", "epoch", "jmh")) {
      assertTrue(help.contains("\n  " + name + " "), help);
    }
    String sampler = CommandRun.of("bench", "sampler", "--help").out();
    assertTrue(sampler.contains("--explore"));
    assertFalse(sampler.contains("two cores"), "its --workers are all cores by default");
    CommandRun.of("bench").assertEndsInBadInput("a benchmark is needed", "sampler");
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
    CommandRun table = sampler(plain, "--workers", "1", "--quiet");
    assertTrue(table.out().contains("naive fastutil"), table.out());
    assertEquals("", table.err());
  }

  @Test
  void measuresSlicing() {
    JsonObject run =
        json(featured, "--slice", "--workers", "1").getAsJsonArray("runs").get(0).getAsJsonObject();

    double batches = run.get("batches_per_second").getAsDouble();
    double rowsPerSecond = run.get("feature_bytes_per_second").getAsDouble() / (8 * Float.BYTES);
    assertEquals(run.get("nodes_per_batch").getAsDouble(), rowsPerSecond / batches, 100);
    assertTrue(sampler(featured, "--slice", "--workers", "1").out().contains("GB/s"));
    sampler(plain, "--slice").assertEndsInBadInput("--slice needs features", "millrace generate");
    String[] cold = {"--slice", "--workers", "1", "--residence", "disk", "--cache", "cold"};
    assertEquals("cold", json(featured, cold).get("cache").getAsString());
    sampler(featured, "--cache", "cold").assertEndsInBadInput("needs no page cache");
  }

  @Test
  @Tag("exhaustive")
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
    String table = sampler(plain, "--explore", "--only", "millrace").out();
    assertTrue(table.contains("millrace, direct address, in memory  <- the default"), table);
  }

  @Test
  void measuresTheRowGatherBesideAPlainCopy() {
    String[] small = {"--batch-rows", "500", "--batches", "2", "--rounds", "2", "--workers", "1"};
    List<String> args = new ArrayList<>(List.of("bench", "slicer", featured, "--json", "-"));
    args.addAll(List.of(small));
    JsonObject result = CommandRun.of(args.toArray()).json();

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
    args.addAll(List.of("--residence", "disk", "--cache", "cold"));
    assertTrue(CommandRun.of(args.toArray()).out().contains("\"disk\""));
    CommandRun.of("bench", "slicer", plain).assertEndsInBadInput("no features");
    CommandRun.of("bench", "slicer", featured, "--batch-rows", "0")
        .assertEndsInBadInput("--batch-rows=0");
  }

  @Test
  @Tag("exhaustive")
  void whatReadsAllFeaturesRefusesAPartOfADataset() {
    Path graph = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    Path model = folder.resolve("model");
    Path part = parts.resolve("part-1");
    CommandRun.ok("generate", "planted", "--nodes", 500, "--out", graph);
    CommandRun.ok("partition", graph, "--parts", 2, "--save", parts);
    CommandRun.ok("train", graph, "--hidden", 4, "--fanout", "2,2", "--epochs", 1, "--save", model);
    for (Object[] command :
        new Object[][] {
          {"sampler", part, "--slice"},
          {"slicer", part},
          {"epoch", part},
          {"infer", part, "--model", model},
          {"serve", part, "--model", model}
        }) {
      List<Object> args = new ArrayList<>(List.of("bench"));
      args.addAll(List.of(command));
      CommandRun.of(args.toArray())
          .assertEndsInBadInput("a part of a dataset has the features of some nodes", "part=1");
    }
    String[] options = {"--workers", "1", "--residence", "mapped", "--cache", "cold"};
    assertEquals(0, sampler(part.toString(), options).exitCode());
  }

  @Test
  @Tag("exhaustive")
  void measuresEpochsOneChangeAtATime() {
    String graph = folder.resolve("planted").toString();
    assertEquals(
        0, CommandRun.of("generate", "planted", "--nodes", "500", "--out", graph).exitCode());
    String options = "--fanout 3,2 --hidden 4 --batch-size 64 --rounds 2 --workers 2 --json -";
    List<String> args = new ArrayList<>(List.of("bench", "epoch", graph));
    args.addAll(List.of(options.split(" ")));
    JsonObject result = CommandRun.of(args.toArray()).json();

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

    args.addAll(args.size() - 2, List.of("--tracing"));
    JsonObject tracing = CommandRun.of(args.toArray()).json();
    assertTrue(tracing.get("median_ratio").getAsDouble() > 0);
    assertTrue(tracing.get("changes_per_epoch").getAsInt() > 0);
    assertTrue(tracing.get("estimated_share").getAsDouble() > 0);
    assertEquals(2, tracing.getAsJsonArray("without_cpu_seconds").size());
    CommandRun.of("bench", "epoch", featured).assertEndsInBadInput("labels");
    CommandRun.of("bench", "epoch", graph, "--compute-threads", "0")
        .assertEndsInBadInput("--compute-threads=0");
    if (CudaProbe.run() instanceof CudaProbe.Unusable(String reason)) {
      CommandRun.of("bench", "epoch", graph, "--device", "gpu")
          .assertEndsInBadInput("the GPU cannot be used", reason);
    }
  }

  @Test
  void copiesToAGpuAreMeasuredOnOneOrRefusedWithTheReason() {
    CommandRun.of("bench", "transfer", "--device", "cpu")
        .assertEndsInBadInput("leave out --device cpu");
    CommandRun.of("bench", "transfer", "--slots", "0").assertEndsInBadInput("--slots=0");
    if (CudaProbe.run() instanceof CudaProbe.Unusable(String reason)) {
      CommandRun.of("bench", "transfer").assertEndsInBadInput("the GPU cannot be used", reason);
    }
  }

  @Test
  @Tag("exhaustive")
  void measuresTrainingStepsBesideThoseWithoutAggregation() {
    JsonObject result =
        CommandRun.of("bench", "step", "--hidden", "4", "--rounds", "1", "--json", "-").json();
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
    CommandRun.of("bench", "step", "--rounds", "0").assertEndsInBadInput("--rounds=0");
    CommandRun.of("bench", "step", "--device", "gpu")
        .assertEndsInBadInput("leave out --device gpu");
  }

  @Test
  void rejectsOptionsThatDoNotFit() {
    sampler(plain, "--explore", "--slice").assertEndsInBadInput("exclude each other");
    sampler(plain, "--explore", "--map", "hash").assertEndsInBadInput("--map");
    sampler(plain, "--explore", "--draw", "labor").assertEndsInBadInput("leave out --draw");
    sampler(plain, "--draw", "weighted")
        .assertEndsInBadInput("edges of the dataset have no weights");
    assertTrue(sampler(plain, "--draw", "labor", "--workers", "1").out().contains("uniform draws"));
    assertTrue(
        sampler(plain, "--edge-positions", "--workers", "1").out().contains("uniform draws"));
    sampler(plain, "--only", "x").assertEndsInBadInput("--explore");
    sampler(plain, "--explore", "--only", "no such").assertEndsInBadInput("no variant", "no such");
    sampler(plain, "--explore", "--only", "(").assertEndsInBadInput("--only");
    CommandRun.of("bench", "sampler", plain, "--rounds", "0").assertEndsInBadInput("--rounds=0");
    sampler(plain, "--map", "tree").assertEndsInBadInput("expected one of auto, hash, direct");
    CommandRun.of("bench", "sampler", plain, "--fanout", "0")
        .assertEndsInBadInput("fanout must be positive");
    sampler(folder.resolve("none").toString()).assertEndsInBadInput("none");
    CommandRun.of("bench", "jmh", "--no-such-option").assertEndsInBadInput("no-such-option");
    System.setProperty("jmh.ignoreLock", "true"); // of other processes that measure
    CommandRun.of("bench", "jmh", "NoSuch")
        .assertEndsInBadInput("no benchmark has such a name", "NoSuch");
    CommandRun.of("bench", "jmh", "SampleBenchmark", "-prof", "nosuch")
        .assertEndsInBadInput("JMH refuses its arguments");
  }
}
