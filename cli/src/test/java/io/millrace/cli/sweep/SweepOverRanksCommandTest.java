package io.millrace.cli.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import io.millrace.cli.Millrace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sweep} whose trials several processes share. */
@Tag("exhaustive")
class SweepOverRanksCommandTest {
  private static final int LIMIT_MINUTES = 5;

  @TempDir static Path folder;
  private static Path graph;
  private static Path space;

  @BeforeAll
  static void makeGraph() throws IOException {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 400, "--classes", 3, "--features", 8, "--out", graph);
    space =
        Files.writeString(
            folder.resolve("space.yaml"),
            "lr: {log: [1e-3, 1e-1]}\ndropout: {uniform: [0, 0.6]}\nhidden: [4, 8]\n");
  }

  private static List<String> arguments(String out, Object... more) {
    List<Object> all = new ArrayList<>(List.of("sweep", graph, "--space", space));
    all.addAll(List.of("--max-epochs", 9, "--batch-size", 64, "--fanout", "4,4"));
    all.addAll(List.of("--virtual-nodes", 3, "--device", "cpu", "--rank-timeout", 30));
    all.addAll(List.of("--out", folder.resolve(out), "--json", folder.resolve(out + ".json")));
    all.addAll(Arrays.asList(more));
    return all.stream().map(String::valueOf).toList();
  }

  private static void sweep(String out, Object... more) {
    CommandRun.ok(arguments(out, more).toArray());
  }

  private static JsonObject json(String out) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(out + ".json")))
        .getAsJsonObject();
  }

  /** The final table, all of JSON that has no path. */
  private static JsonObject table(String out) throws IOException {
    JsonObject result = json(out);
    result.remove("out");
    result.remove("ranks");
    return result;
  }

  private static void assertSame(String expected, String found) throws IOException {
    assertEquals(table(expected), table(found));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve(expected).resolve("model.safetensors")),
        Files.readAllBytes(folder.resolve(found).resolve("model.safetensors")));
    assertTrue(Files.exists(folder.resolve(found).resolve("report.html")));
    assertTrue(Files.exists(folder.resolve(found).resolve("trial-000/run.json")));
  }

  @Test
  void twoProcessesFindWhatOneFinds() throws IOException {
    sweep("alone", "--trials", 9);
    sweep("shared", "--trials", 9, "--ranks", 2);
    assertSame("alone", "shared");
    assertEquals(2, json("shared").get("ranks").getAsInt());
    sweep("shared", "--trials", 9, "--resume"); // by one process
    assertSame("alone", "shared");
  }

  @Test
  void ranksShareOneTrialAtATime() {
    CommandRun.of(arguments("x", "--ranks", 2, "--parallel", 2).toArray())
        .assertEndsInBadInput("ranks share one trial at a time: parallel=2, ranks=2");
  }

  private static Process start(List<String> arguments, Path err) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(err.toFile())
        .start();
  }

  /** Waits until the log has so many lines more. */
  private static void awaitProgress(Process process, Path log, int more) throws Exception {
    int before = Files.exists(log) ? Files.readAllLines(log).size() : 0;
    while (process.isAlive()
        && (Files.notExists(log) || Files.readAllLines(log).size() < before + more)) {
      Thread.sleep(5);
    }
  }

  @ParameterizedTest
  @CsvSource({"asha, 27", "pbt, 9"})
  void aRankThatIsKilledIsNamedAndTheSweepResumesOnOtherRanks(String scheduler, int numTrials)
      throws Exception {
    Object[] more = {"--scheduler", scheduler, "--trials", numTrials, "--resume"};
    String out = "killed-" + scheduler;
    killed(arguments(out, more), 2);
    killed(arguments(out, more), 3);
    sweep(out, Stream.concat(Stream.of(more), Stream.of("--ranks", 2)).toArray());
    sweep("whole-" + scheduler, more);
    assertSame("whole-" + scheduler, out);
  }

  /** Kills the last rank when it has trained something. */
  private static void killed(List<String> arguments, int numRanks) throws Exception {
    Path err = Files.createTempFile(folder, "killed", ".err");
    Path log = Path.of(arguments.get(arguments.indexOf("--out") + 1)).resolve("trials.jsonl");
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--ranks", String.valueOf(numRanks)));
    Process first = start(all, err);
    try {
      awaitProgress(first, log, 8);
      List<ProcessHandle> children = first.descendants().toList();
      assertEquals(numRanks - 1, children.size(), Files.readString(err));
      children.getLast().destroyForcibly();
      assertTrue(first.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES));
      String last = Files.readAllLines(err).getLast();
      assertEquals(1, first.exitValue(), last);
      assertTrue(last.startsWith("millrace: a rank has failed: rank="), last);
      for (ProcessHandle child : children) {
        child.onExit().get(LIMIT_MINUTES, TimeUnit.MINUTES);
      }
    } finally {
      first.descendants().forEach(ProcessHandle::destroyForcibly);
      first.destroyForcibly();
    }
  }
}
