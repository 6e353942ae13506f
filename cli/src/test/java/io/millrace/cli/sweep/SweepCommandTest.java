package io.millrace.cli.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import io.millrace.cli.Millrace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
  private static final int KILLS = Integer.getInteger("kills", 4);
  private static final int MOST_BYTES = 2500; // of some 6 500 that the shorter sweep writes

  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 400, "--classes", 3, "--features", 8, "--out", graph);
  }

  private static Path space(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "space", ".yaml"), text);
  }

  private static CommandRun sweep(Path space, String out, Object... more) {
    List<Object> args = new ArrayList<>(List.of("sweep", graph, "--space", space));
    args.addAll(List.of("--out", folder.resolve(out)));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray());
  }

  @Test
  void theBestTrialIsTheTrainingThatTheLastLineSays() throws IOException {
    Path space = space("lr: {log: [1e-3, 1e-1]}\nfanout: [[3, 2], [4, 2]]\nhidden: 8\n");
    CommandRun run =
        sweep(space, "best", "--trials", 2, "--eta", 2, "--max-epochs", 2, "--batch-size", 100);
    assertEquals(0, run.exitCode(), run.toString());
    assertTrue(Files.exists(folder.resolve("best/report.html")));
    String again = run.out().lines().toList().getLast();
    assertTrue(again.startsWith("again: millrace train "), again);
    List<Object> args = new ArrayList<>(Arrays.asList((Object[]) again.split(" ")));
    Path alone = folder.resolve("alone");
    args.addAll(List.of("--save", alone));
    CommandRun.ok(args.subList(2, args.size()).toArray());
    String model = run.out().lines().filter(it -> it.startsWith("model: ")).findFirst().get();
    Path trial = Path.of(model.substring("model: ".length()));
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("model.safetensors")),
        Files.readAllBytes(trial.resolve("model.safetensors")));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("best/model.safetensors")),
        Files.readAllBytes(trial.resolve("model.safetensors")));
    for (String name :
        List.of(
            "checkpoint.safetensors", "epochs.csv", "options.json", "run.json", "report.html")) {
      assertTrue(Files.exists(trial.resolve(name)), name);
    }
  }

  @Test
  void aSweepThatResumesWritesWhatAKillHasLeftOut() throws IOException {
    Path space = space("lr: [0.01]\nfanout: 2,2\nhidden: [4, 8]\n");
    List<Object> more = List.of("--trials", 3, "--max-epochs", 1, "--scheduler", "random");
    assertEquals(0, sweep(space, "left", more.toArray()).exitCode());
    Path without = folder.resolve("left/trial-000/run.json");
    Path older = folder.resolve("left/trial-001/report.html");
    Path kept = folder.resolve("left/trial-002/run.json");
    Files.delete(without);
    Files.setLastModifiedTime(older, FileTime.fromMillis(0));
    byte[] before = Files.readAllBytes(kept);
    List<Object> resumed = new ArrayList<>(more);
    resumed.add("--resume");
    assertEquals(0, sweep(space, "left", resumed.toArray()).exitCode());
    assertTrue(Files.readString(without).contains("\"epochs\": 1"), Files.readString(without));
    assertTrue(Files.getLastModifiedTime(older).toMillis() > 0);
    assertArrayEquals(before, Files.readAllBytes(kept));
  }

  @Test
  void refusesASpaceThatTrainWouldRefuse() throws IOException {
    sweep(space("lr: 0.1\nhiden: [8]\n"), "x").assertBadInput("no such option", "line=2", "hiden");
    sweep(space("lr: 0.1\n\nhidden: [8, x]\n"), "x").assertBadInput("line=3", "name=hidden", "'x'");
    sweep(space("model: [sage, gnn]\n"), "x").assertBadInput("line=1", "gnn");
    sweep(space("epochs: [1, 2]\n"), "x").assertBadInput("line=1", "name=epochs");
    sweep(space("lr: {log: [0, 1]}\n"), "x").assertBadInput("line=1", "low=0.0");
    sweep(folder.resolve("none.yaml"), "x").assertBadInput("none.yaml");
    Path space = space("lr: [0.1]\n");
    sweep(space, "x", "--epochs", 3).assertBadInput("--max-epochs", "--epochs=3");
    sweep(space, "x", "--trials", 0).assertEndsInBadInput("trials=0");
    sweep(space, "x", "--scheduler", "best").assertBadInput("asha, halving, random, pbt");
    sweep(space, "x", "--scheduler", "pbt", "--trials", 3).assertEndsInBadInput("at least 4");
    sweep(space, "x", "--scheduler", "random", "--replay", "y").assertEndsInBadInput("asha");
    sweep(space, "x", "--grace", 30).assertEndsInBadInput("first rung");
    sweep(space, "x", "--ranks", 3, "--virtual-nodes", 2)
        .assertBadInput("each rank needs a virtual node: --virtual-nodes=2, ranks=3");
    sweep(space("lr: 0.1\nvirtual-nodes: [2, 4]\n"), "x", "--ranks", 3)
        .assertBadInput("each of 3 ranks needs a virtual node", "line=2");
    sweep(space, "x", "--rank", 1).assertBadInput("--hosts, --rank and --secret-file belong");
    Files.createDirectories(folder.resolve("full/x"));
    sweep(space, "full").assertEndsInBadInput("output exists already", "--resume");
    assertTrue(Files.notExists(folder.resolve("x")));
  }

  /** The final table, all of JSON that has no path. */
  private static JsonElement table(Path json) throws IOException {
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    result.remove("out");
    return result;
  }

  private static Process start(Path space, String name, String scheduler) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    command.addAll(List.of("sweep", graph.toString(), "--space", space.toString()));
    command.addAll(List.of("--trials", "12", "--max-epochs", "9", "--scheduler", scheduler));
    command.addAll(List.of("--batch-size", "64", "--fanout", "4,4", "--resume"));
    command.addAll(List.of("--out", folder.resolve(name).toString()));
    command.addAll(List.of("--json", folder.resolve(name + ".json").toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  @Test
  @Tag("exhaustive")
  void aSweepThatIsKilledAgainAndAgainEndsWithTheSameTable() throws Exception {
    Path space = space("lr: {log: [1e-3, 1e-1]}\ndropout: {uniform: [0, 0.6]}\nhidden: [4, 8]\n");
    for (String scheduler : List.of("asha", "pbt")) {
      assertTrue(start(space, "whole-" + scheduler, scheduler).waitFor(5, TimeUnit.MINUTES));
      String killed = "killed-" + scheduler;
      long seed = System.nanoTime();
      Random random = new Random(seed);
      int kills = 0;
      for (int round = 0; round < KILLS; round++) {
        Process process = start(space, killed, scheduler);
        Path log = folder.resolve(killed).resolve("trials.jsonl");
        long before = Files.exists(log) ? Files.size(log) : 0;
        long more = 1 + random.nextInt(MOST_BYTES);
        while (process.isAlive() && (Files.notExists(log) || Files.size(log) < before + more)) {
          Thread.sleep(1);
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
        kills += process.isAlive() ? 1 : 0;
        process.destroyForcibly().waitFor();
      }
      assertTrue(start(space, killed, scheduler).waitFor(5, TimeUnit.MINUTES));
      assertTrue(kills >= KILLS / 2, "killed " + kills + " times");
      assertEquals(
          table(folder.resolve("whole-" + scheduler + ".json")),
          table(folder.resolve(killed + ".json")),
          scheduler + ", seed " + seed);
    }
  }
}
