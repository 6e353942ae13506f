package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From edges between names to predictions by name, in one csv. */
class InferNamesTest {
  private static final int NUM_NODES = 30;
  private static final List<String> KINDS = List.of("news", "shop");
  private static final List<String> PARTS = List.of("train", "valid", "test");

  @TempDir private Path folder;

  private static String name(int v) {
    return v == 5 ? "page, \"five\"" : "page " + v;
  }

  private static String cell(String name) {
    return name.contains(",") ? '"' + name.replace("\"", "\"\"") + '"' : name;
  }

  /** The same graph, whatever the order, but its nodes have other numbers. */
  private Path imported(String as, List<Integer> order) throws IOException {
    StringBuilder nodes = new StringBuilder("id,f1,f2,y,part\n");
    StringBuilder edges = new StringBuilder("src,dst\n");
    for (int v : order) {
      nodes.append(cell(name(v))).append(",%d,%d,%s,".formatted(v, v % 5, KINDS.get(v % 2)));
      nodes.append(PARTS.get(v % 3)).append('\n');
      for (int u : new int[] {(v + 2) % NUM_NODES, v * v % NUM_NODES}) {
        edges.append(cell(name(v))).append(',').append(cell(name(u))).append('\n');
      }
    }
    Path nodeTable = Files.writeString(folder.resolve(as + "-nodes.csv"), nodes);
    Path edgeTable = Files.writeString(folder.resolve(as + "-edges.csv"), edges);
    Path out = folder.resolve(as);
    CommandRun.ok(
        "import",
        "edges",
        edgeTable,
        "--ids",
        "string",
        "--header",
        "yes",
        "--nodes",
        nodeTable,
        "--id-column",
        "id",
        "--feature-columns",
        "f*",
        "--label-column",
        "y",
        "--split-column",
        "part",
        "--out",
        out);
    return out;
  }

  private Path model(Path graph) {
    Path model = folder.resolve("model");
    CommandRun.ok("train", graph, "--hidden", 4, "--epochs", 2, "--save", model);
    return model;
  }

  private List<String> csv(Path graph, Path model, Object... more) throws IOException {
    Path out = folder.resolve("out" + System.nanoTime());
    List<Object> arguments =
        new ArrayList<>(List.of("infer", graph, "--model", model, "--out", out, "--csv"));
    arguments.addAll(List.of(more));
    CommandRun.ok(arguments.toArray());
    List<String> lines = Files.readAllLines(out.resolve("predictions.csv"));
    assertEquals("node,class,probability", lines.getFirst());
    return lines.subList(1, lines.size());
  }

  private static Map<String, Double> probabilities(List<String> lines) {
    Map<String, Double> byName = new HashMap<>();
    for (String line : lines) {
      int comma = line.lastIndexOf(',');
      byName.put(line.substring(0, comma), Double.parseDouble(line.substring(comma + 1)));
    }
    return byName;
  }

  @Test
  @Tag("exhaustive")
  void aNodeHasTheSameResultUnderItsNameWhateverItsNumber() throws IOException {
    List<Integer> inOrder = IntStream.range(0, NUM_NODES).boxed().toList();
    List<Integer> shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(4));
    Path graph = imported("in-order", inOrder);
    Path model = model(graph);
    List<String> lines = csv(graph, model);
    for (int v = 0; v < NUM_NODES; v++) {
      assertTrue(lines.get(v).startsWith(cell(name(v)) + ","), lines.get(v));
    }
    Map<String, Double> expected = probabilities(lines);
    assertTrue(expected.values().stream().distinct().count() > 10, "too much alike: " + expected);
    List<String> others = csv(imported("shuffled", shuffled), model);
    assertTrue(others.getFirst().startsWith(cell(name(shuffled.getFirst()))), others.getFirst());
    Map<String, Double> found = probabilities(others);
    assertEquals(expected.keySet(), found.keySet()); // name and class
    expected.forEach((name, value) -> assertEquals(value, found.get(name), 1e-4, name));
  }

  @Test
  @Tag("exhaustive")
  void nodesAreAskedForByName() throws IOException {
    Path graph = imported("graph", IntStream.range(0, NUM_NODES).boxed().toList());
    Path model = model(graph);
    Path asked = Files.writeString(folder.resolve("asked.txt"), "page 12\npage, \"five\"\n");
    List<String> lines = csv(graph, model, "--nodes", asked);
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).matches("page 12,(news|shop),[01]\\.\\d+"), lines.get(0));
    assertTrue(lines.get(1).startsWith(cell(name(5)) + ","), lines.get(1));
    Path unknown = Files.writeString(folder.resolve("unknown.txt"), "page 12\npage 99\n");
    CommandRun.of("infer", graph, "--model", model, "--out", folder, "--nodes", unknown, "--quiet")
        .assertBadInput("line=2", "page 99");
  }
}
