package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with what a training has saved. */
class ResumeCommandTest {
  @TempDir static Path shared;
  private static Path graph;

  @TempDir Path folder;
  private Path model;

  @BeforeAll
  static void makeGraph() {
    graph = shared.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--classes", 3, "--features", 8, "--out", graph);
  }

  @BeforeEach
  void nameModel() {
    model = folder.resolve("model");
  }

  private static CommandRun run(Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", graph, "--compute-threads", 1));
    args.addAll(List.of("--hidden", 8, "--fanout", "5,5", "--batch-size", 100));
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray());
  }

  private static CommandRun train(Object... more) {
    CommandRun run = run(more);
    assertEquals(0, run.exitCode(), run.toString());
    return run;
  }

  private static JsonObject result(CommandRun run) {
    JsonObject result = run.json();
    result.remove("settings"); // the number of epochs
    result.getAsJsonArray("runs").forEach(it -> withoutTimes(it.getAsJsonObject()));
    return withoutTimes(result);
  }

  private static JsonObject withoutTimes(JsonObject figures) {
    figures
        .keySet()
        .removeIf(name -> name.contains("seconds") || name.matches("wait_share|verdict"));
    return figures;
  }

  @Test
  @Tag("exhaustive")
  void goesOnWithMoreEpochsAsIfTheyHadBeenAskedForAtOnce() throws IOException {
    JsonObject expected = result(train("--epochs", 3, "--json", "-", "--save", shared("whole")));
    train("--epochs", 1, "--save", model);
    CommandRun resumed = train("--epochs", 3, "--json", "-", "--resume", model);
    assertTrue(resumed.err().contains("resumed after epoch 1 of 3\n"), resumed.err());
    assertEquals(expected, result(resumed));
    assertArrayEquals(
        Files.readAllBytes(shared("whole").resolve("model.safetensors")),
        Files.readAllBytes(model.resolve("model.safetensors")));
    assertEquals(
        4, Files.readAllLines(model.resolve("epochs.csv")).size(), "names, and an epoch each");
  }

  private Path shared(String name) {
    return folder.resolve(name);
  }

  private CommandRun resume(Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", graph, "--resume", model));
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray());
  }

  @Test
  void goesOnWithTheOptionsOfBefore() {
    Object[] options = {
      "--model", "sage-ri", "--no-residual", "--lr", 0.01, "--seed", 3, "--epochs", 2
    };
    List<Object> asked = new ArrayList<>(List.of(options));
    asked.addAll(List.of("--json", "-"));
    JsonObject expected = result(train(asked.toArray()));
    asked.set(asked.indexOf(2), 1);
    asked.addAll(List.of("--save", model));
    train(asked.toArray());

    CommandRun resumed = resume("--epochs", 2, "--json", "-");
    assertTrue(resumed.err().contains("resumed after epoch 1 of 2\n"), resumed.err());
    assertTrue(
        resumed.err().contains(" --lr 0.01 --model sage-ri --residual false"), resumed.err());
    assertEquals(expected, result(resumed));
    assertEquals(expected, result(resume("--json", "-")), "two epochs now, and both done");
  }

  /** Which may be another one when the training goes on. */
  @Test
  void filesAreKeptWithoutTheDirectoryOfTheCommand() throws IOException {
    Path weights = Files.writeString(folder.resolve("weights"), "1 1 1");
    Path relative = Path.of("").toAbsolutePath().relativize(weights.toAbsolutePath());
    train("--epochs", 1, "--class-weights", relative, "--save", model);
    Path kept = Path.of(SavedOptions.in(model).values().get("--class-weights"));
    assertTrue(kept.isAbsolute() && Files.isSameFile(kept, weights), kept.toString());
    train("--epochs", 1, "--class-weights", "balanced", "--save", shared("balanced"));
    assertEquals("balanced", SavedOptions.in(shared("balanced")).values().get("--class-weights"));
  }

  @Test
  void anOptionGivenOtherwiseThanBeforeIsRefusedWithBothNamed() {
    train("--epochs", 1, "--save", model);
    resume("--hidden", 9, "--quiet")
        .assertBadInput("checkpoint is of another model: now=", "hidden=9", "hidden=8");
    resume("--quiet", "--batch-size", 50)
        .assertBadInput("checkpoint is of another batchSize: now=50, checkpoint=100");
  }

  @Test
  void damagedOptionsAreNamed() throws IOException {
    train("--epochs", 1, "--save", model);
    Path file = Files.writeString(model.resolve("options.json"), "no");
    resume("--quiet").assertBadInput("options of the training cannot be read", file.toString());
  }

  @Test
  void whereNothingIsYetItStartsAndSaysSo() {
    CommandRun first = train("--epochs", 1, "--resume", model);
    assertTrue(
        first.err().contains("no checkpoint in " + model + " yet: training from the beginning"),
        first.err());
    CommandRun second = train("--epochs", 1, "--resume", model, "--save", model);
    assertTrue(second.err().contains("resumed after epoch 1 of 1"), second.err());
    assertEquals(first.out().lines().findFirst(), second.out().lines().findFirst());
  }

  @Test
  @Tag("exhaustive")
  void goesOnWithEachOfSeveralRuns() {
    JsonObject expected = result(train("--epochs", 2, "--runs", 2, "--json", "-"));
    train("--epochs", 1, "--runs", 2, "--save", model);
    CommandRun resumed = train("--epochs", 2, "--runs", 2, "--json", "-", "--resume", model);
    assertEquals(expected, result(resumed));
  }

  @Test
  void anotherTrainingsCheckpointIsRefusedWithBothNamed() {
    train("--epochs", 1, "--save", model);
    CommandRun run = run("--epochs", 1, "--resume", model, "--norm", "none", "--quiet");
    run.assertBadInput("checkpoint is of another model: now=", "norm=NONE", "norm=BATCH");
    run("--resume", model, "--seed", 4, "--quiet")
        .assertBadInput("checkpoint is of another seed: now=4, checkpoint=0", model.toString());
  }

  @Test
  void aResumedTrainingIsSavedWhereItWas() {
    run("--resume", model, "--save", folder.resolve("other"), "--quiet")
        .assertBadInput("a resumed training is saved to its own directory");
  }

  @Test
  @Tag("exhaustive")
  void theMappingOfVirtualNodesDoesNotShow() {
    JsonObject one = result(train("--epochs", 2, "--json", "-", "--virtual-nodes", 8));
    for (int k : new int[] {2, 4, 8}) {
      CommandRun run =
          train("--epochs", 2, "--json", "-", "--virtual-nodes", 8, "--virtual-per-wave", k);
      assertEquals(one, result(run), k + " at a time");
    }
  }

  @Test
  void aModelGoesToPygsNamesAndBack() {
    train("--epochs", 1, "--save", model);
    Path file = folder.resolve("pyg.safetensors");
    CommandRun export = CommandRun.ok("export", model, "--out", file);
    assertEquals("wrote " + file + "\n", export.out());
    JsonObject fromModel = result(train("--epochs", 1, "--json", "-", "--init", model));
    JsonObject fromFile = result(train("--epochs", 1, "--json", "-", "--init", file));
    assertEquals(fromModel, fromFile);
    assertTrue(!fromModel.equals(result(train("--epochs", 1, "--json", "-"))));
  }
}
