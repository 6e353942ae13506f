package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningOptionsTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 400, "--classes", 2, "--features", 4, "--out", graph);
  }

  private static CommandRun run(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "train",
                graph,
                "--hidden",
                4,
                "--fanout",
                3,
                "--batch-size",
                32,
                "--compute-threads",
                1));
    args.addAll(Arrays.asList(more));
    if (!args.contains("--epochs")) {
      args.addAll(List.of("--epochs", 4));
    }
    return CommandRun.of(args.toArray());
  }

  private static JsonObject json(Object... more) {
    List<Object> args = new ArrayList<>(List.of("--json", "-"));
    args.addAll(Arrays.asList(more));
    CommandRun run = run(args.toArray());
    assertEquals(0, run.exitCode(), run.toString());
    return run.json();
  }

  private static String losses(JsonObject result) {
    return result.getAsJsonArray("runs").get(0).getAsJsonObject().get("losses").toString();
  }

  /** Each of them makes the training another one, and none leaves its mark unsaid. */
  @Test
  void everyOptionReachesTheTraining() throws Exception {
    Path weights = Files.writeString(folder.resolve("weights.txt"), "1\n7.5\n");
    String plain = losses(json());
    assertEquals(plain, losses(json()), "one thread: repeatable");
    for (List<?> options :
        List.of(
            List.of("--optimizer", "adamw", "--weight-decay", 0.5),
            List.of("--optimizer", "sgd"),
            List.of("--optimizer", "sgd", "--momentum", 0),
            List.of("--weight-decay", 0.5),
            List.of("--lr-schedule", "cosine"),
            List.of("--lr-schedule", "step:1,0.1"),
            List.of("--warmup", 2),
            List.of("--clip", 0.01),
            List.of("--loss", "bce"),
            List.of("--class-weights", weights))) {
      JsonObject result = json(options.toArray());
      assertNotEquals(plain, losses(result), options.toString());
      String name = options.getFirst().toString().substring(2).replace('-', '_');
      String value = options.get(1).toString();
      assertEquals(value, result.getAsJsonObject("settings").get(name).getAsString());
    }
  }

  @Test
  void theMetricIsWhatIsReported() {
    for (String metric : List.of("accuracy", "rocauc", "f1-micro", "f1-macro")) {
      JsonObject result = json("--metric", metric);
      assertEquals(metric, result.get("metric").getAsString());
      JsonObject run = result.getAsJsonArray("runs").get(0).getAsJsonObject();
      assertEquals(
          run.get("test"), run.getAsJsonObject("test_metrics").get(metric.replace('-', '_')));
    }
    CommandRun run = run("--metric", "rocauc");
    assertTrue(run.out().startsWith("sage on planted: test ROC AUC "), run.out());
    assertTrue(run.err().contains(", valid ROC AUC "), run.err());
  }

  @Test
  void stopsWhenThePatienceEnds() {
    JsonObject run =
        json("--epochs", 50, "--patience", 1, "--lr", 0.1)
            .getAsJsonArray("runs")
            .get(0)
            .getAsJsonObject();
    int epochs = run.get("epochs").getAsInt();
    assertEquals(run.get("best_epoch").getAsInt() + 1, epochs);
    assertEquals(epochs, run.getAsJsonArray("losses").size());
  }

  @Test
  void evaluatesWithAllNeighboursInBatchesOfAnySize() {
    JsonObject whole = json("--eval-fanout", "all");
    JsonObject parts = json("--eval-fanout", "all", "--eval-batch-size", 7);
    assertEquals("-1", whole.getAsJsonObject("settings").get("eval_fanout").getAsString());
    assertEquals(7, parts.getAsJsonObject("settings").get("eval_batch_size").getAsInt());
    assertEquals(whole.get("test_mean"), parts.get("test_mean"));
  }

  @Test
  void severalRunsMakeATableAsOgbHasIt() {
    CommandRun run = run("--runs", 2, "--seed", 3);
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).contains("(2 runs, seeds 3 to 4)"), run.out());
    assertEquals(
        "| method | test accuracy | valid accuracy | parameters | hardware |", lines.get(1));
    assertTrue(
        lines
            .get(3)
            .matches("\\| sage \\| 0\\.\\d{4} ± 0\\.\\d{4} \\| 0\\.\\d{4} ± .* \\| \\d+ .*"),
        run.out());
  }

  private static CommandRun quiet(Object... more) {
    List<Object> args = new ArrayList<>(List.of("--quiet"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray());
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    quiet("--lr-schedule", "wave")
        .assertBadInput("--lr-schedule", "constant, cosine, step:", "wave");
    quiet("--lr-schedule", "step:x").assertBadInput("--lr-schedule", "step:x");
    quiet("--lr-schedule", "step:2,x").assertBadInput("--lr-schedule", "step:2,x");
    quiet("--lr-schedule", "step:0").assertBadInput("a schedule needs at least one epoch");
    quiet("--lr-schedule", "plateau:2,7").assertBadInput("factor must be in (0, 1]");
    quiet("--warmup", 4).assertBadInput("--warmup must leave an epoch", "warmup=4, epochs=4");
    quiet("--warmup", -1).assertBadInput("--warmup must leave an epoch");
    quiet("--clip", 0).assertBadInput("clipNorm must be positive");
    quiet("--patience", 0).assertBadInput("patience must be positive");
    quiet("--eval-batch-size", 0).assertBadInput("evalBatchSize must be positive");
    quiet("--optimizer", "lion").assertBadInput("expected one of adam, adamw, sgd");
    quiet("--optimizer", "sgd", "--momentum", 1).assertBadInput("momentum must be in [0, 1)");
    quiet("--momentum", 0.5)
        .assertBadInput("option does not fit the optimizer", "--momentum=0.5, --optimizer=adam");
    quiet("--optimizer", "adamw", "--momentum", 0.5).assertBadInput("--optimizer=adamw");
    quiet("--metric", "auc").assertBadInput("expected one of accuracy, f1-micro, f1-macro, rocauc");
    quiet("--loss", "l2").assertBadInput("expected one of cross-entropy, bce, mse, mae, huber");
    quiet("--loss", "mse").assertBadInput("loss does not fit what is predicted: loss=MSE");
    quiet("--metric", "rmse").assertBadInput("metric does not fit what is predicted: metric=RMSE");
    quiet("--task", "regression").assertBadInput("dataset has no targets");
    quiet("--loss", "no.such.Loss").assertBadInput("no loss on the class path", "no.such.Loss");
    quiet("--metric", "java.lang.String").assertBadInput("no metric on the class path");
    quiet("--lr-schedule", "no.such.Rate").assertBadInput("no schedule on the class path");
    quiet("--eval-fanout", "al").assertBadInput("fanout must be whole numbers");
    quiet("--class-weights", folder.resolve("none")).assertBadInput("equal, balanced, or a file");
    Path words = Files.writeString(folder.resolve("words"), "one two");
    quiet("--class-weights", words).assertBadInput("must hold one number per class", "words");
    Path three = Files.writeString(folder.resolve("three"), "1, 2, 3");
    quiet("--class-weights", three).assertBadInput("need one weight per class", "weights=3");
    Path zero = Files.writeString(folder.resolve("zero"), "1 0");
    quiet("--class-weights", zero).assertBadInput("class weight must be positive");
  }
}
