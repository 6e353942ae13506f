package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import io.millrace.cli.TinyOgb;
import io.millrace.cli.data.BuiltInGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("a graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--classes", 3, "--features", 8, "--out", graph);
  }

  @Test
  void jsonHasTheFieldsOfTheContract() {
    JsonObject result = train("--json", "-", "--runs", 2, "--seed", 5).json();
    assertEquals(
        List.of(
            "command",
            "dataset",
            "model",
            "device",
            "settings",
            "params",
            "hardware",
            "metric",
            "test_mean",
            "test_std",
            "valid_mean",
            "valid_std",
            "epoch_seconds",
            "wait_share",
            "batches_digest",
            "runs",
            "verdict"),
        List.copyOf(result.keySet()));
    assertEquals("sage", result.get("model").getAsString());
    assertEquals("5,5", result.getAsJsonObject("settings").get("fanout").getAsString());
    double test = result.get("test_mean").getAsDouble();
    assertTrue(test > 0 && test <= 1, "a fraction: " + test);

    List<JsonObject> runs = new ArrayList<>();
    result.getAsJsonArray("runs").forEach(run -> runs.add(run.getAsJsonObject()));
    assertEquals(List.of(5, 6), runs.stream().map(run -> run.get("seed").getAsInt()).toList());
    for (JsonObject run : runs) {
      assertEquals(
          Set.of(
              "seed",
              "best_epoch",
              "epochs",
              "valid",
              "test",
              "test_metrics",
              "epoch_seconds",
              "wait_share",
              "batches_digest",
              "losses"),
          run.keySet());
      assertEquals(2, run.getAsJsonArray("losses").size());
    }
    double a = runs.get(0).get("test").getAsDouble();
    double b = runs.get(1).get("test").getAsDouble();
    assertEquals((a + b) / 2, test, 1e-12);
    assertEquals(
        Math.abs(a - b) / Math.sqrt(2), result.get("test_std").getAsDouble(), 1e-12, "unbiased");
  }

  @Test
  void batchesAndLossesAreTheSameForAnyNumberOfWorkers() {
    JsonObject one = train("--json", "-", "--compute-threads", 1, "--workers", 1).json();
    JsonObject four = train("--json", "-", "--compute-threads", 1, "--workers", 4).json();
    assertEquals(one.get("batches_digest"), four.get("batches_digest"));
    assertEquals(losses(one), losses(four));
    JsonObject otherSeed =
        train("--json", "-", "--compute-threads", 1, "--workers", 4, "--seed", 9).json();
    assertTrue(!one.get("batches_digest").equals(otherSeed.get("batches_digest")));
  }

  @Test
  void aFeatureCacheChangesNoBatchAndReportsItsHits() {
    Object[] mapped = {"--json", "-", "--compute-threads", 1, "--residence", "mapped"};
    JsonObject without = train(mapped).json();
    assertFalse(without.has("feature_cache"));
    for (String ranking : List.of("vip", "degree")) {
      Object[] cache = {"--feature-cache", "10k", "--feature-cache-by", ranking};
      JsonObject with = train(joined(mapped, cache)).json();
      assertEquals(without.get("batches_digest"), with.get("batches_digest"));
      assertEquals(losses(without), losses(with));

      JsonObject reported = with.getAsJsonObject("feature_cache");
      assertEquals(
          Set.of("rows", "bytes", "predicted_hit_share", "measured_hit_share"), reported.keySet());
      int rows = (10 * 1024 - 10 * 12) / 32;
      assertEquals(rows, reported.get("rows").getAsInt());
      assertEquals(10 * 12 + 32 * rows, reported.get("bytes").getAsInt());
      assertEquals(
          reported.get("measured_hit_share").getAsDouble(),
          reported.get("predicted_hit_share").getAsDouble(),
          .05,
          reported.toString());
    }
  }

  @Test
  void printsTheHitsOfAFeatureCacheOrThatNoneIsNeeded() {
    String text = train("--residence", "mapped", "--feature-cache", "1m").out();
    assertTrue(text.contains(" rows (18.8 KiB): hit share 100.00 %, predicted 100.00 %"), text);
    CommandRun inMemory = train("--residence", "in-memory", "--feature-cache", "1m");
    assertTrue(
        inMemory.err().contains("--feature-cache is not needed: the dataset is in memory"),
        inMemory.err());
    assertFalse(inMemory.out().contains("feature cache"), inMemory.out());
  }

  @Test
  void refusesAFeatureCacheWithoutRoomForARowInOneLine() {
    CommandRun run =
        CommandRun.of("train", graph, "--residence", "mapped", "--feature-cache", "100");
    assertEquals(2, run.exitCode());
    assertTrue(
        run.err()
            .contains(
                "feature cache must have room for its index and a row: bytes=100, indexBytes=120,"
                    + " rowBytes=32"),
        run.err());
  }

  private static Object[] joined(Object[] first, Object[] second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray();
  }

  @Test
  void quietPrintsTheResultAndNothingElse() {
    CommandRun run = train("--quiet");
    assertEquals("", run.err());
    assertEquals(2, run.out().lines().count(), run.out());
    assertTrue(run.out().startsWith("sage on planted: test accuracy "), run.out());
  }

  @Test
  void withoutATerminalPrintsALineForEachEpochOnStandardError() {
    CommandRun run = train("--runs", 2, "--device", "cpu");
    assertEquals(
        List.of("run 1/2 epoch 1/2", "run 1/2 epoch 2/2", "run 2/2 epoch 1/2", "run 2/2 epoch 2/2"),
        run.err()
            .lines()
            .filter(line -> line.contains(": loss "))
            .map(l -> l.substring(0, 17))
            .toList());
    assertTrue(run.out().contains("(2 runs, seeds 0 to 1)"), run.out());
    assertTrue(run.out().contains("±"), run.out());
  }

  @Test
  void jsonOnStandardOutputStandsAlone() {
    CommandRun run = train("--json", "-");
    assertTrue(run.out().startsWith("{") && run.out().endsWith("}\n"), run.out());
  }

  @Test
  void jsonFileIsWrittenBesideTheResult() throws Exception {
    Path file = folder.resolve("result.json");
    CommandRun run = train("--json", file);
    assertTrue(run.out().contains("test accuracy"), run.out());
    assertTrue(Files.readString(file).contains("\"test_mean\""));
  }

  @Test
  void debugPrintsTheDigestThatJsonHas() {
    String digest = train("--json", "-").json().get("batches_digest").getAsString();
    assertTrue(train("--debug").out().contains("batches digest " + digest));
  }

  @Test
  @Tag("exhaustive")
  void savesTheBestModelOfEachRun() {
    Path one = folder.resolve("one");
    train("--save", one);
    assertTrue(Files.exists(one.resolve("model.safetensors")));
    Path two = folder.resolve("two");
    train("--save", two, "--runs", 2);
    assertTrue(Files.exists(two.resolve("seed-0/model.safetensors")));
    assertTrue(Files.exists(two.resolve("seed-1/model.safetensors")));
  }

  @Test
  void layersFollowTheFanoutAndTheFanoutTheLayers() {
    assertEquals(3, settings("--fanout", "4,3,2").get("layers").getAsInt());
    assertEquals("15,10,5,5", settings("--layers", 4).get("fanout").getAsString());
    assertEquals("15,10", settings().get("fanout").getAsString());
    assertEquals("20,20", settings().get("eval_fanout").getAsString());
    assertEquals("-1", settings("--fanout", "-1").get("fanout").getAsString());
    JsonObject mlp = settings("--model", "mlp", "--fanout", "4,3,2");
    assertTrue(mlp.get("fanout").isJsonNull(), "an MLP takes no neighbours");
    assertEquals(3, mlp.get("layers").getAsInt());
  }

  @Test
  void everyModelIsTrainedWithItsOwnDefaults() {
    for (String model : List.of("sage", "gcn", "gat", "gin", "sage-ri", "jk", "mlp")) {
      JsonObject result = train("--json", "-", "--model", model).json();
      assertEquals(model, result.get("model").getAsString());
      assertTrue(result.get("params").getAsInt() > 0);
    }
    JsonObject gat = settings("--model", "gat");
    assertEquals(4, gat.get("heads").getAsInt());
    assertEquals("elu", gat.get("activation").getAsString());
    JsonObject inception = settings("--model", "sage-ri");
    assertEquals(0.1, inception.get("dropout").getAsDouble());
    assertTrue(inception.get("residual").getAsBoolean());
  }

  @Test
  void modelsTakeTheirOptions() {
    JsonObject sage =
        settings("--aggregator", "sum", "--norm", "layer", "--activation", "elu", "--residual");
    assertEquals("sum", sage.get("aggregator").getAsString());
    assertEquals("layer", sage.get("norm").getAsString());
    assertEquals("elu", sage.get("activation").getAsString());
    assertTrue(sage.get("residual").getAsBoolean());
    assertEquals(2, settings("--model", "gat", "--heads", 2).get("heads").getAsInt());
    assertEquals("max", settings("--model", "jk", "--jump", "max").get("jump").getAsString());
    assertEquals(
        false, settings("--model", "sage-ri", "--no-residual").get("residual").getAsBoolean());
  }

  @Test
  void withoutADatasetTrainsOnTheBuiltInGraphAndSaysWhatToTryNext() {
    CommandRun run = CommandRun.ok("train", "--epochs", 1, "--model", "mlp", "--hidden", 8);
    assertTrue(run.out().startsWith("mlp on "), run.out());
    assertTrue(run.err().contains("millrace train "), run.err());
    assertTrue(run.err().contains("millrace import ogb"), run.err());
    assertTrue(Files.exists(BuiltInGraph.directory().resolve("dataset.yaml")));
  }

  @Test
  @Tag("exhaustive")
  void aDamagedBuiltInGraphIsMadeAgain() throws Exception {
    CommandRun.ok("train", "--epochs", 1, "--model", "mlp", "--hidden", 4, "--quiet");
    Files.writeString(BuiltInGraph.directory().resolve("features.npy"), "damaged");
    CommandRun run = CommandRun.ok("train", "--epochs", 1, "--model", "mlp", "--hidden", 4);
    assertEquals(
        1, run.err().lines().filter(line -> line.contains("is damaged")).count(), run.err());
    CommandRun.ok("inspect", BuiltInGraph.directory());
  }

  @Test
  void tellsHowManyNodesOfASplitHaveNoLabel() throws Exception {
    TinyOgb source = TinyOgb.in(folder.resolve("partly labelled"));
    source.write("raw/node-label.csv.gz", "0\n-1\n0\n1\n-1\n1\n");
    Path dataset = folder.resolve("partly");
    CommandRun.ok("import", "ogb", source.folder(), "--out", dataset);
    CommandRun run = CommandRun.ok("train", dataset, "--epochs", 1, "--norm", "none");
    assertEquals(
        List.of("train: 1 of 2 nodes have no label", "test: 1 of 2 nodes have no label"),
        run.err().lines().filter(line -> line.contains("no label")).toList());
  }

  @Test
  @Tag("exhaustive")
  void onTheBuiltInGraphGraphSageIsWellAboveTheMlp() {
    double sage = CommandRun.ok("train", "--json", "-").json().get("test_mean").getAsDouble();
    double mlp =
        CommandRun.ok("train", "--json", "-", "--model", "mlp")
            .json()
            .get("test_mean")
            .getAsDouble();
    assertTrue(sage >= 0.85, "sage " + sage);
    assertTrue(sage >= mlp + 0.15, "sage " + sage + ", mlp " + mlp);
  }

  private static CommandRun train(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("train", graph, "--epochs", 2, "--hidden", 8, "--fanout", "5,5"));
    args.addAll(Arrays.asList(more));
    return CommandRun.ok(args.toArray());
  }

  private static JsonObject settings(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("train", graph, "--json", "-", "--epochs", 1, "--hidden", 4));
    args.addAll(Arrays.asList(more));
    return CommandRun.ok(args.toArray()).json().getAsJsonObject("settings");
  }

  private static JsonElement losses(JsonObject result) {
    return result.getAsJsonArray("runs").get(0).getAsJsonObject().get("losses");
  }
}
