package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneCommandTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--classes", 3, "--features", 8, "--out", graph);
  }

  private static CommandRun tune(Object... more) {
    List<Object> args = new ArrayList<>(List.of("tune", graph));
    args.addAll(List.of("--batches", 20, "--rounds", 1, "--batch-size", 32, "--hidden", 8));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray());
  }

  @Test
  @Tag("exhaustive")
  void measuresTheBestPredictionsNextToTheDefaultAndABadSetting() {
    CommandRun run = tune("--json", "-");
    assertEquals(0, run.exitCode(), run.toString());
    JsonObject json = run.json();

    for (String rate : List.of("predicted", "measured", "default_measured", "bad_measured")) {
      assertTrue(json.get(rate).getAsDouble() > 0, rate);
    }
    assertEquals(
        Set.of(
            "workers",
            "compute_threads",
            "slots",
            "residence",
            "id_map",
            "feature_type",
            "feature_cache"),
        json.getAsJsonObject("setting").keySet());
    JsonArray candidates = json.getAsJsonArray("candidates");
    assertTrue(candidates.size() >= 3 && candidates.size() <= 5, candidates.toString());
    double best = 0;
    for (var candidate : candidates) {
      best = Math.max(best, candidate.getAsJsonObject().get("measured").getAsDouble());
    }
    double chosen = json.get("measured").getAsDouble();
    assertTrue(chosen == best || chosen == json.get("default_measured").getAsDouble());
    assertTrue(json.getAsJsonObject("lp").get("x").getAsDouble() > 0);
  }

  @Test
  @Tag("exhaustive")
  void writesSettingsThatATrainingTakesAndThatDoNotChangeItsBatches() throws Exception {
    Path settings = folder.resolve("tuned.json");
    CommandRun run = tune("--out", settings, "--device-slots", 3);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(Files.readString(settings).contains("\"--device-slots\": \"3\""), "kept");
    assertTrue(run.out().contains("bad on purpose"), run.out());

    JsonObject tuned = train("--settings", settings).json();
    assertEquals(train().json().get("batches_digest"), tuned.get("batches_digest"));
    assertTrue(tuned.getAsJsonObject("verdict").has("kind"));
  }

  /** The model has two batches open at a time, and the memory holds some more. */
  @Test
  @Tag("exhaustive")
  void measuresOnlySettingsThatHoldTheOpenBatchesAndFitTheMemory() {
    long memory = 200_000; // 65 kB are the dataset
    CommandRun run =
        tune(
            "--virtual-nodes",
            2,
            "--virtual-per-wave",
            2,
            "--memory",
            memory,
            "--grid",
            "--json",
            "-");
    assertEquals(0, run.exitCode(), run.toString());
    JsonObject json = run.json();
    JsonObject check = json.getAsJsonObject("grid");
    assertTrue(check.get("best_measured").getAsDouble() > 0, "measured again");
    assertTrue(check.get("chosen_measured").getAsDouble() > 0);
    double bytes = json.get("bytes_per_batch").getAsDouble();
    assertTrue(11 * bytes > memory, "the largest of the grid has no room");
    List<JsonElement> all = new ArrayList<>(json.getAsJsonArray("candidates").asList());
    all.addAll(check.getAsJsonArray("points").asList());
    for (JsonElement point : all) {
      int slots = point.getAsJsonObject().getAsJsonObject("setting").get("slots").getAsInt();
      assertTrue(slots >= 2 && slots * bytes <= memory, point + ", bytes of a batch " + bytes);
    }
    double median = check.get("median_error").getAsDouble();
    assertTrue(median >= 0 && median <= check.get("worst_error").getAsDouble());
    int numTrainings = json.get("num_trainings").getAsInt();
    assertTrue(numTrainings > json.getAsJsonArray("candidates").size(), "" + numTrainings);
  }

  @Test
  void idMapAndFeatureTypeChangeNoBatchAndNoLoss(@TempDir Path other) {
    Path halves = other.resolve("halves");
    CommandRun.ok(
        "generate",
        "planted",
        "--nodes",
        600,
        "--features",
        8,
        "--feature-type",
        "float16",
        "--out",
        halves);
    List<Object> args =
        List.of("train", halves, "--epochs", 1, "--hidden", 8, "--compute-threads", 1, "--quiet");
    List<JsonElement> losses = new ArrayList<>();
    for (List<String> more :
        List.of(
            List.of("--id-map", "auto"),
            List.of("--id-map", "flat-hash", "--feature-type", "float16"),
            List.of("--id-map", "direct-address", "--feature-type", "float32"))) {
      List<Object> all = new ArrayList<>(args);
      all.addAll(more);
      all.addAll(List.of("--json", "-"));
      JsonObject run = CommandRun.ok(all.toArray()).json();
      losses.add(run.get("losses"));
      losses.add(run.get("settings"));
    }
    assertEquals(losses.subList(0, 2), losses.subList(2, 4));
    assertEquals(losses.subList(0, 2), losses.subList(4, 6));
    CommandRun.of("train", graph, "--quiet", "--feature-type", "float16")
        .assertBadInput("features cannot be converted to a narrower type", "stored");
  }

  @Test
  void onlySettingsThatNoBatchDependsOnAreTaken(@TempDir Path other) throws Exception {
    Path file = other.resolve("x.json");
    Files.writeString(file, "{\"--lr\": \"5\"}");
    CommandRun.of("train", graph, "--settings", file)
        .assertBadInput(
            "settings of tune are [--compute-threads, --device-slots, --evaluation-cache", "--lr");
    CommandRun.of("train", graph, "--settings", other.resolve("none.json"))
        .assertBadInput("no such file of settings: --settings=");
  }

  @Test
  void refusesAFileWithoutAFolderBeforeItMeasures() {
    CommandRun run = tune("--out", folder.resolve("none/tuned.json"));
    run.assertBadInput("the folder of a settings file must exist: --out=");
    assertFalse(run.err().contains("measure"), run.err());
  }

  @Test
  @Tag("exhaustive")
  void saysWhenTheMemoryHoldsNoSetting() {
    CommandRun run = tune("--memory", "1k", "--quiet");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("the memory does not hold"), run.err());
  }

  @Test
  void aTrainingThatIsAdjustedHasTheSameBatchesAndNamesItsSize() {
    CommandRun run =
        CommandRun.ok(
            "train", graph, "--epochs", 1, "--hidden", 8, "--auto", "--workers", 1, "--slots", 2);
    assertTrue(run.out().contains("auto: 0 changes tried, 0 kept: --workers 1 --slots 2"));

    JsonObject adjusted = train("--auto", "--workers", 1, "--slots", 2).json();
    assertEquals(train().json().get("batches_digest"), adjusted.get("batches_digest"));
    JsonObject auto = adjusted.getAsJsonObject("auto");
    assertEquals(1, auto.get("workers").getAsInt());
    assertEquals(2, auto.get("slots").getAsInt());
    assertEquals(0, auto.getAsJsonArray("decisions").size());
  }

  private static CommandRun train(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("train", graph, "--epochs", 1, "--hidden", 8, "--quiet", "--json", "-"));
    args.addAll(List.of(more));
    return CommandRun.ok(args.toArray());
  }
}
