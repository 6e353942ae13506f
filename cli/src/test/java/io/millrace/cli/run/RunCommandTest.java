package io.millrace.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import io.millrace.cli.Millrace;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final List<String> STEPS = List.of("data", "model", "scores", "pyg.safetensors");

  /** Those of the results that have no times. */
  private static final List<String> RESULTS =
      List.of(
          "data/indices.npy",
          "data/features.npy",
          "model/model.safetensors",
          "scores/predictions.npy",
          "scores/predictions.csv",
          "pyg.safetensors");

  private static final int KILLED = 128 + 9;

  @TempDir Path folder;

  private Path plan(String text) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), text);
  }

  private Path chain(String lr) throws IOException {
    return chain(lr, 2);
  }

  private Path chain(String lr, int epochs) throws IOException {
    Random random = new Random(7);
    StringBuilder edges = new StringBuilder("src,dst\n");
    StringBuilder nodes = new StringBuilder("id,a,b,label,split\n");
    for (int v = 0; v < 90; v++) {
      edges.append(v).append(',').append(random.nextInt(30) * 3 + v % 3).append('\n');
      nodes.append(v).append(',').append(random.nextGaussian() + v % 3).append(',');
      nodes.append(random.nextGaussian()).append(',').append(v % 3).append(',');
      nodes.append(v < 60 ? "train" : v < 75 ? "valid" : "test").append('\n');
    }
    Files.writeString(folder.resolve("edges.csv"), edges);
    Files.writeString(folder.resolve("nodes.csv"), nodes);
    return plan(
        """
        # from tables to predictions
        data:
          import edges: edges.csv
          nodes: nodes.csv
          feature-columns: [a, b]
          label-column: label
          split-column: split
          undirected: true
        model: {train: data, epochs: %d, hidden: 4, fanout: [3, 2], lr: %s, compute-threads: 1}
        scores: {infer: data, model: model, csv: true, compute-threads: 1}
        pyg.safetensors: {export: model}
        """
            .formatted(epochs, lr));
  }

  /** The steps that a run has run. */
  private List<String> ran(Path plan, Object... more) throws IOException {
    Path json = folder.resolve("run.json");
    List<Object> args = new ArrayList<>(List.of("run", plan, "--json", json));
    args.addAll(List.of(more));
    CommandRun.ok(args.toArray());
    JsonArray steps =
        JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonArray("steps");
    assertEquals(STEPS.size(), steps.size());
    return StreamSupport.stream(steps.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(it -> it.get(more.length > 0 ? "runs" : "ran").getAsBoolean())
        .map(it -> it.get("step").getAsString())
        .toList();
  }

  private List<byte[]> results() throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String name : RESULTS) {
      all.add(Files.readAllBytes(folder.resolve(name)));
    }
    return all;
  }

  /** Makes the record that of a run that was killed when a step had ended, but was not done. */
  private void killedAtTheEndOf(String step) throws IOException {
    Path record = folder.resolve("plan.yaml.done.json");
    JsonObject json = JsonParser.parseString(Files.readString(record)).getAsJsonObject();
    json.getAsJsonObject(step).addProperty("done", false);
    json.getAsJsonObject(step).add("outputs", new JsonObject());
    Files.writeString(record, json.toString());
  }

  @Test
  void runsOnlyWhatChangedAndResumesAfterAKill() throws IOException {
    Path plan = chain("0.01");
    assertEquals(STEPS, ran(plan, "--dry-run"));
    assertEquals(STEPS, ran(plan));
    assertEquals(List.of(), ran(plan));
    List<byte[]> before = results();
    for (String step : STEPS) {
      killedAtTheEndOf(step);
      assertTrue(ran(plan).contains(step));
      List<byte[]> after = results();
      for (int i = 0; i < RESULTS.size(); i++) {
        assertArrayEquals(before.get(i), after.get(i), step + ": " + RESULTS.get(i));
      }
    }
    chain("0.02");
    assertEquals(STEPS.subList(1, 4), ran(plan, "--dry-run"));
    assertEquals(STEPS.subList(1, 4), ran(plan));
    assertEquals(List.of(), ran(plan));
  }

  /** Kills a run when a file has so many bytes, unless it ends before. */
  private boolean killed(Path plan, String file, int bytes) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    command.addAll(List.of("run", plan.toString(), "--quiet"));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("killed.err").toFile())
            .start();
    try {
      Path target = folder.resolve(file);
      while (process.isAlive() && (Files.notExists(target) || Files.size(target) < bytes)) {
        Thread.sleep(1);
      }
    } finally {
      process.destroyForcibly();
    }
    int exit = process.onExit().get(5, TimeUnit.MINUTES).exitValue();
    assertTrue(exit == 0 || exit == KILLED, Files.readString(folder.resolve("killed.err")));
    return exit == KILLED;
  }

  @Test
  @Tag("exhaustive")
  void aRunThatIsKilledInEachStepEndsWithTheSameBytes() throws Exception {
    Path plan = chain("0.01", 60);
    assertEquals(STEPS, ran(plan));
    List<byte[]> before = results();
    int atEpoch = (int) Files.size(folder.resolve("model/epochs.jsonl")) / 60;
    for (String step : STEPS) {
      FileTree.delete(folder.resolve(step));
    }
    Files.delete(folder.resolve("plan.yaml.done.json"));
    int kills = 0;
    for (String each :
        List.of(
            "plan.yaml.done.json 1",
            "data 1",
            "model/epochs.jsonl " + atEpoch,
            "model/epochs.jsonl " + 30 * atEpoch,
            "scores/predictions.npy 1",
            "pyg.safetensors 1")) {
      String[] target = each.split(" ");
      kills += killed(plan, target[0], Integer.parseInt(target[1])) ? 1 : 0;
    }
    assertTrue(kills >= 3, "killed " + kills + " times");
    ran(plan);
    List<byte[]> after = results();
    for (int i = 0; i < RESULTS.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i), RESULTS.get(i));
    }
  }

  @Test
  void theOrderOfFilesCountsAndTheWorkingDirectoryDoesNot() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "0,1\n");
    Files.writeString(folder.resolve("b.csv"), "1,2\n");
    String text = "graph: {import edges: [%s], header: no}\n";
    Path plan = plan(text.formatted("a.csv, b.csv"));
    CommandRun.ok("run", plan, "--quiet");
    Path here = Path.of("").toAbsolutePath().relativize(plan.toRealPath());
    assertEquals("graph: is done\n", CommandRun.ok("run", here, "--dry-run").out());
    plan(text.formatted("b.csv, a.csv"));
    assertEquals(
        "graph: would run, because import edges was a.csv,b.csv and is b.csv,a.csv\n",
        CommandRun.ok("run", plan, "--dry-run").out());
  }

  @Test
  void refusesAPlanWithItsLine() throws IOException {
    run("a: {generate: planted, nodez: 3}").assertBadInput("no such option", "line=1", "nodez");
    run("a:\n  generate: planted\n  nodes: x").assertBadInput("line=3", "'x'");
    run("a: {generate: planted}\nb: {train: a, save: c}").assertBadInput("line=2", "option=save");
    run("a: {generate: rmat, out: c}").assertBadInput("line=1", "option=out");
    run("\na: {serve: planted}").assertBadInput("line=2", "import edges", "found=serve");
    run("a: {infer: b}").assertBadInput("line=1", "--model");
    run("a: planted").assertBadInput("line=1", "a step is a mapping");
    run("- a").assertBadInput("line=1", "a plan is a mapping");
    run("a: {generate: planted}\na: {generate: rmat}").assertBadInput("plan.yaml");
    run("a: {train: a}").assertEndsInBadInput("step=a", "reads=a");
    run("a: {train: none}").assertEndsInBadInput("no such file", "none");
    CommandRun.of("run", plan("a: {generate: planted}"), "--seed", 1)
        .assertBadInput("option=--seed");
    for (String place : List.of(".", "..", "x/..", "plan.yaml.done.json")) {
      run(place + ": {generate: planted}")
          .assertBadInput("the record of a pipeline is in no output");
    }
    assertTrue(Files.notExists(folder.resolve("a")));
  }

  private CommandRun run(String text) throws IOException {
    return CommandRun.of("run", plan(text + "\n"));
  }
}
