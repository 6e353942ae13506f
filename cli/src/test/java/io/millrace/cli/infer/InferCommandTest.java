package io.millrace.cli.infer;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferCommandTest {
  private static final int NUM_NODES = 600;
  @TempDir static Path folder;
  private static Path graph;
  private static Path model;

  @BeforeAll
  static void trainsAModel() {
    graph = folder.resolve("graph");
    model = folder.resolve("model");
    CommandRun.ok(
        "generate",
        "planted",
        "--nodes",
        NUM_NODES,
        "--classes",
        3,
        "--features",
        8,
        "--out",
        graph);
    CommandRun.ok("train", graph, "--fanout", "5,5", "--hidden", 8, "--epochs", 2, "--save", model);
  }

  private static Object[] arguments(Path out, Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("infer", graph, "--model", model, "--out", out, "--device", "cpu"));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  /** Without notes, so that the error is all there is. */
  private static CommandRun refused(Object... arguments) {
    List<Object> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--quiet");
    return CommandRun.of(all.toArray());
  }

  @Test
  void jsonHasTheFieldsOfTheContract() {
    JsonObject result =
        CommandRun.ok(arguments(folder.resolve("json"), "--json", "-", "--range-nodes", 100))
            .json();
    assertEquals(NUM_NODES, result.get("num_nodes").getAsInt());
    assertTrue(result.get("nodes_per_second").getAsDouble() > 0);
    assertTrue(result.get("bytes_read").getAsLong() > NUM_NODES * 8 * 4);
    assertTrue(result.get("peak_rss_bytes").getAsLong() > 1 << 20);
    assertEquals(2, result.getAsJsonArray("layers").size());
    JsonObject layer = result.getAsJsonArray("layers").get(1).getAsJsonObject();
    assertTrue(layer.get("seconds").getAsDouble() > 0);
    assertEquals(NUM_NODES, layer.get("num_nodes").getAsInt());
    JsonObject test = result.getAsJsonObject("splits").getAsJsonObject("test");
    assertTrue(test.get("accuracy").getAsDouble() > 0.1);
  }

  @Test
  void writesTheFilesThatAreAskedFor() throws IOException {
    Path out = folder.resolve("files");
    CommandRun run =
        CommandRun.ok(arguments(out, "--scores", "--embeddings", "--csv", "--top-k", 2));
    assertTrue(run.out().contains("test: accuracy"), run.out());
    assertTrue(run.err().contains("layer 1: 600 nodes"), run.err());
    assertEquals(128 + NUM_NODES * 4, Files.size(out.resolve("predictions.npy")));
    assertEquals(128 + NUM_NODES * 3 * 4, Files.size(out.resolve("scores.npy")));
    assertEquals(128 + NUM_NODES * 8 * 4, Files.size(out.resolve("embeddings.npy")));
    assertEquals(128 + NUM_NODES * 2 * 4, Files.size(out.resolve("top_classes.npy")));
    List<String> lines = Files.readAllLines(out.resolve("predictions.csv"));
    assertEquals(NUM_NODES + 1, lines.size());
    assertEquals("node,class_1,probability_1,class_2,probability_2", lines.getFirst());
    String[] cells = lines.get(8).split(",");
    assertEquals("7", cells[0]);
    double both = Double.parseDouble(cells[2]) + Double.parseDouble(cells[4]);
    assertTrue(Double.parseDouble(cells[2]) >= Double.parseDouble(cells[4]) && both <= 1.0001);
    assertTrue(
        CommandRun.ok(arguments(out, "--scores", "--embeddings", "--csv", "--top-k", 2))
            .out()
            .contains("there already"));
    refused(arguments(out, "--scores")).assertBadInput("other settings", "setting=embeddings");
  }

  @Test
  void infersTheNodesOfAFile() throws IOException {
    Path text = Files.writeString(folder.resolve("nodes.txt"), "17\n3\n\n599\n");
    CommandRun.ok(arguments(folder.resolve("all"), "--csv"));
    CommandRun.ok(arguments(folder.resolve("some"), "--csv", "--nodes", text));
    List<String> all = Files.readAllLines(folder.resolve("all/predictions.csv"));
    List<String> some = Files.readAllLines(folder.resolve("some/predictions.csv"));
    int[] nodes = {17, 3, 599};
    assertEquals(nodes.length + 1, some.size());
    for (int i = 0; i < nodes.length; i++) {
      String[] expected = all.get(nodes[i] + 1).split(",");
      String[] found = some.get(i + 1).split(",");
      assertArrayEquals(Arrays.copyOf(expected, 2), Arrays.copyOf(found, 2));
      assertEquals(Double.parseDouble(expected[2]), Double.parseDouble(found[2]), 1e-5);
    }
    CommandRun.ok(
        arguments(folder.resolve("npy"), "--nodes", folder.resolve("some/nodes.npy"), "--csv"));
    assertEquals(some, Files.readAllLines(folder.resolve("npy/predictions.csv")));
  }

  @Test
  void samplesWithAFanout() {
    JsonObject result =
        CommandRun.ok(
                arguments(
                    folder.resolve("sampled"),
                    "--mode",
                    "sampled",
                    "--fanout",
                    "3,3",
                    "--repeat",
                    2,
                    "--json",
                    "-"))
            .json();
    JsonObject pass = result.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertEquals("sampled", pass.get("name").getAsString());
    assertEquals(2, pass.get("blocks").getAsInt());
  }

  @Test
  void aShareAloneIsNotMerged() {
    Path out = folder.resolve("shards");
    refused(arguments(out, "--merge", "--range-nodes", 100)).assertBadInput("shards");
    CommandRun run = CommandRun.ok(arguments(out, "--shard", "0/1", "--range-nodes", 100));
    assertTrue(run.out().contains("test: accuracy"), "0/1 is all of it");
  }

  @Test
  void rejectsWhatDoesNotFit() throws IOException {
    Path out = folder.resolve("bad");
    CommandRun.of("infer", graph, "--out", out).assertBadInput("--model");
    refused("infer", graph, "--model", folder, "--out", out).assertBadInput("no model");
    for (String option : List.of("--fanout=3,3", "--repeat=1", "--batch-size=64")) {
      refused(arguments(out, option)).assertBadInput("--mode sampled", "mode=layerwise");
    }
    refused(arguments(out, "--mode", "sampled", "--fanout", "3")).assertBadInput("fanout");
    refused(arguments(out, "--shard", "2/2")).assertBadInput("shard", "2/2");
    refused(arguments(out, "--memory", "much")).assertBadInput("--memory", "much");
    refused(arguments(out, "--memory", "1k")).assertBadInput("memory", "1024");
    refused(arguments(out, "--range-nodes", "0")).assertBadInput("rangeNodes");
    refused(arguments(out, "--top-k", "-1")).assertBadInput("topK");
    Path beyond = Files.writeString(folder.resolve("beyond.txt"), "5\n600\n");
    refused(arguments(out, "--nodes", beyond)).assertBadInput("id=600", "numNodes=600");
    Path word = Files.writeString(folder.resolve("word.txt"), "5\nsix\n");
    refused(arguments(out, "--nodes", word)).assertBadInput("line=2", "six");
    Path other = folder.resolve("other");
    CommandRun.ok("generate", "planted", "--nodes", 100, "--features", 5, "--out", other);
    refused("infer", other, "--model", model, "--out", out).assertBadInput("columns=5");
  }
}
