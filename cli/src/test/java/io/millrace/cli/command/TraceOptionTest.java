package io.millrace.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceOptionTest {
  @TempDir static Path folder;
  private static Path graph;
  private static Path model;
  private static Path timeline;

  @BeforeAll
  static void train() {
    graph = folder.resolve("graph");
    model = folder.resolve("model");
    timeline = folder.resolve("train.json");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--classes", 3, "--features", 8, "--out", graph);
    CommandRun.ok(
        "train",
        graph,
        "--epochs",
        1,
        "--batch-size",
        32,
        "--workers",
        1,
        "--hidden",
        8,
        "--save",
        model,
        "--trace",
        timeline,
        "--quiet");
  }

  @Test
  void trainingIsATimelineOfAllStagesByThread() throws Exception {
    JsonArray events = events(timeline);
    Map<String, Integer> counts = new TreeMap<>();
    Set<String> threads = new TreeSet<>();
    for (JsonElement element : events) {
      JsonObject event = element.getAsJsonObject();
      switch (event.get("ph").getAsString()) {
        case "X" -> {
          assertTrue(event.get("dur").getAsDouble() >= 0);
          assertTrue(event.get("ts").getAsDouble() >= 0);
          counts.merge(event.get("name").getAsString(), 1, Integer::sum);
        }
        case "M" -> threads.add(event.getAsJsonObject("args").get("name").getAsString());
        default -> throw new AssertionError(event.toString());
      }
    }
    assertEquals(Set.of("consumer", "worker 0"), threads);
    assertTrue(
        counts.keySet().containsAll(Set.of("plan", "sample", "slice", "compute", "evaluate")),
        counts.toString());
    assertEquals(counts.get("sample"), counts.get("slice"));
  }

  @Test
  void inferenceHasOneToo() throws Exception {
    Path file = folder.resolve("infer.json");
    CommandRun.ok(
        "infer", graph, "--model", model, "--out", folder.resolve("out"), "--trace", file);

    assertTrue(events(file).toString().contains("\"evaluate\""));
  }

  @Test
  void isOfOneRun() {
    CommandRun.of("train", graph, "--runs", 2, "--trace", folder.resolve("x.json"))
        .assertBadInput("a trace covers a single run: --runs=2");
  }

  @Test
  void isRefusedBeforeTheTrainingWhereItCannotBeWritten() {
    CommandRun.of("train", graph, "--trace", folder.resolve("no/x.json"), "--quiet")
        .assertBadInput("the folder of a trace must exist: --trace=");
  }

  private static JsonArray events(Path file) throws Exception {
    return JsonParser.parseString(Files.readString(file))
        .getAsJsonObject()
        .getAsJsonArray("traceEvents");
  }
}
