package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that goes on with other ranks. */
class ElasticRanksTest {
  private static final int EPOCHS = 30;

  @TempDir private Path folder;

  private Object[] arguments(Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("train", folder.resolve("graph"), "--epochs", EPOCHS));
    all.addAll(List.of("--hidden", 8, "--fanout", "4,3", "--batch-size", 60));
    all.addAll(List.of("--device", "cpu", "--compute-threads", 1, "--workers", 1));
    all.addAll(List.of("--virtual-nodes", 4));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private CompletableFuture<CommandRun> start(Object... arguments) {
    CommandRun.ok(
        "generate",
        "planted",
        "--nodes",
        600,
        "--edges",
        3000,
        "--out",
        folder.resolve("graph"),
        "--quiet");
    return CompletableFuture.supplyAsync(
        () -> CommandRun.of(arguments), task -> Thread.ofPlatform().daemon().start(task));
  }

  private static void await(CompletableFuture<?> run, BooleanSupplier condition)
      throws InterruptedException {
    while (!run.isDone() && !condition.getAsBoolean()) {
      Thread.sleep(20);
    }
    assertTrue(condition.getAsBoolean(), run.isDone() ? String.valueOf(run.join()) : "");
  }

  private static long lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      return 0; // it is being replaced
    }
  }

  /** The processes with a Java that this one has started. */
  private static Stream<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(it -> it.info().command().filter(name -> name.endsWith("java")).isPresent());
  }

  private void assertWeightsOfOneProcess(Path shared) throws IOException {
    Path alone = folder.resolve("alone");
    CommandRun.ok(arguments("--save", alone));
    assertEquals(
        -1,
        Files.mismatch(alone.resolve("model.safetensors"), shared.resolve("model.safetensors")));
    assertEquals(lines(alone.resolve("epochs.csv")), lines(shared.resolve("epochs.csv")));
  }

  private static JsonObject ranks(Path json) throws IOException {
    return JsonParser.parseString(Files.readString(json))
        .getAsJsonObject()
        .getAsJsonObject("ranks");
  }

  @Tag("exhaustive")
  @Test
  void killedRankIsNamedAndTheOthersComeToTheSameWeights() throws Exception {
    Path saved = folder.resolve("saved");
    Path json = folder.resolve("json");
    CompletableFuture<CommandRun> run =
        start(arguments("--save", saved, "--ranks", 3, "--restarts", 1, "--json", json));
    await(run, () -> lines(saved.resolve("epochs.csv")) > 1);
    children().findFirst().orElseThrow().destroyForcibly();
    CommandRun end = run.get(300, TimeUnit.SECONDS);
    assertEquals(0, end.exitCode(), end.toString());
    assertTrue(end.err().contains("a rank has failed: rank="), end.err());
    assertTrue(end.err().contains("goes on without it from the last checkpoint"), end.err());
    assertEquals(2, ranks(json).get("ranks").getAsInt());
    assertEquals(1, ranks(json).get("restarts").getAsInt());
    assertWeightsOfOneProcess(saved);
    assertEquals(0, children().count(), "no process is left");
  }

  @Tag("exhaustive")
  @Test
  void requestedRanksComeToTheSameWeights() throws Exception {
    Path saved = folder.resolve("saved");
    Path json = folder.resolve("json");
    Path file = folder.resolve("resize");
    Path log = saved.resolve("epochs.csv");
    CompletableFuture<CommandRun> run =
        start(arguments("--save", saved, "--ranks", 1, "--resize-file", file, "--json", json));
    await(run, () -> lines(log) > 1);
    Files.writeString(file, "3\n");
    await(run, () -> children().count() == 2);
    long before = lines(log);
    await(run, () -> lines(log) > before);
    Files.writeString(file, "2\n");
    await(run, () -> children().count() == 1);
    CommandRun end = run.get(300, TimeUnit.SECONDS);
    assertEquals(0, end.exitCode(), end.toString());
    assertEquals(2, ranks(json).get("ranks").getAsInt());
    assertEquals(2, ranks(json).get("resizes").getAsInt());
    assertWeightsOfOneProcess(saved);
  }

  @Test
  void rejectsChangesThatCannotBe() {
    CommandRun.of(arguments("--ranks", 2, "--restarts", 1))
        .assertBadInput("--restarts and --resize-file need --save and a single run");
    CommandRun.of(arguments("--restarts", 1, "--save", folder.resolve("s")))
        .assertBadInput("--restarts and --resize-file need --ranks or --hosts");
    Path save = folder.resolve("s");
    CommandRun.of(arguments("--ranks", 2, "--restarts", 1, "--rank-sum", "ring", "--save", save))
        .assertBadInput("which --rank-sum ring does not give");
  }

  @Test
  void listOfHostsChangesWhereThisRankIs() {
    Placement second = new Placement(3, 1, List.of("a:1", "b:1", "c:1"));
    assertEquals(Optional.of("a:1,b:1"), second.request("a:1\nb:1\n", 8));
    assertEquals(Optional.empty(), second.request("a:1, b:1, c:1", 8));
    assertEquals(
        Optional.of(new Placement(4, 2, List.of("a:1", "d:1", "b:1", "e:1"))),
        second.after("a:1,d:1,b:1,e:1"));
    assertEquals(Optional.empty(), second.after("a:1,c:1"), "it leaves");
    assertEquals(new Placement(2, 1, List.of("a:1", "b:1")), second.without(2));
  }

  @Test
  void rejectsListsThatCannotBe() {
    Placement first = new Placement(2, 0, List.of("a:1", "b:1"));
    for (String text : new String[] {"b:1,a:1", "a:1,a:1", "a", "a:1,b:1,c:1"}) {
      assertThrows(BadInputException.class, () -> first.request(text, 2), text);
    }
    Placement local = new Placement(2, 0, List.of());
    assertEquals(Optional.of("1"), local.request("1", 2));
    for (String text : new String[] {"0", "3", "two"}) {
      assertThrows(BadInputException.class, () -> local.request(text, 2), text);
    }
  }
}
