package io.millrace.datasets.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeSource;
import io.millrace.datasets.csr.TestBlock;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.LongIds;
import io.millrace.datasets.formats.ids.NameIds;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of lines, read by several threads, give what a plain loop gives. */
class EdgeTextTest {
  @TempDir Path folder;

  private static EdgeText open(Path file, NodeIds ids) {
    return EdgeText.open(List.of(EdgeTable.pairs(TextFormat.plain(file, Delimiter.COMMA, 2))), ids);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Tag("exhaustive")
  void numbersNamesInTheOrderOfTheInputWhateverThreadParsesThem(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    Map<String, Integer> nodes = new HashMap<>();
    long[] need = new long[240_000]; // several blocks
    for (int i = 0; i < need.length; i++) {
      String src = "user-" + random.nextInt(50_000);
      String dst = "x".repeat(random.nextInt(12)) + random.nextInt(50_000);
      text.append(src).append(',').append(dst).append('\n');
      int s = nodes.computeIfAbsent(src, _ -> nodes.size());
      int d = nodes.computeIfAbsent(dst, _ -> nodes.size());
      need[i] = EdgeList.pack(s, d);
    }
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    NameIds ids = new NameIds();
    try (EdgeText edges = open(file, ids);
        EdgeList list = EdgeList.of(edges, Progress.NONE)) {
      assertArrayEquals(need, TestBlock.edges(list), "seed=" + seed);
    }
    assertEquals(nodes.size(), ids.numNodes());
    nodes.forEach(
        (name, node) ->
            assertEquals(name, new String(ids.name(node), StandardCharsets.UTF_8), "seed=" + seed));
  }

  /** A block of edges with room for little makes small blocks of text, so lines are cut often. */
  @Test
  void readsLinesOfAnyLengthWithSmallBlocks() throws IOException {
    StringBuilder text = new StringBuilder();
    int numEdges = 200;
    for (int i = 0; i < numEdges; i++) {
      text.append(" ".repeat(i * 37 % 101)).append(i).append(',').append(2 * i);
      text.append(i % 3 == 0 ? "\r\n" : i == numEdges - 1 ? "" : "\n\n");
    }
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    for (int capacity = 2; capacity < 60; capacity += 3) {
      try (EdgeText edges = open(file, DenseIds.unbounded());
          TestBlock block = new TestBlock(capacity)) {
        int found = 0;
        long number = 0;
        for (long i = block.fillFrom(edges); i != EdgeSource.END; i = block.fillFrom(edges)) {
          assertEquals(number++, i);
          for (long edge : block.edges()) {
            assertEquals(EdgeList.pack(found, 2 * found), edge, "capacity=" + capacity);
            found++;
          }
        }
        assertEquals(numEdges, found, "capacity=" + capacity);
      }
    }
  }

  @Test
  void reportsTheFirstBadLineOfTheFileThoughOthersFollow() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 900_000; i++) {
      text.append(i >= 400_000 && i % 1000 == 777 ? "x" : i).append(",1\n");
    }
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    for (int i = 0; i < 5; i++) {
      for (NodeIds ids : List.of(DenseIds.unbounded(), new LongIds())) {
        try (EdgeText edges = open(file, ids)) {
          Expect.badInput(() -> EdgeList.of(edges, Progress.NONE).close(), "line=400778, value=x");
        }
      }
    }
  }
}
