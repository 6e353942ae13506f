package io.millrace.datasets.overlay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphOverlayTest {
  @TempDir Path folder;

  /** 0 aggregates from 1 and 2, 1 from 0, 2 from nobody. */
  private final GraphDataset data =
      GraphDataset.builder("tiny", CsrGraph.of(new long[] {0, 2, 3, 3}, new int[] {1, 2, 0}))
          .features(FeatureMatrix.of(2, new float[] {1, 2, 3, 4, 5, 6}))
          .labels(NodeLabels.of(2, new int[] {0, 1, -1}))
          .split(Split.TRAIN, 0, 1)
          .names(List.of("a", "b", "c"))
          .build();

  @Test
  void showsWhatWasAddedAtTheCommitAndKeepsOlderVersions() {
    GraphOverlay overlay = GraphOverlay.of(data);
    GraphVersion before = overlay.current();
    int zoe = overlay.addNode("zoe", 7, 8);
    overlay.addEdge(0, zoe);
    overlay.addEdge(zoe, 0);
    assertEquals(3, zoe);
    assertEquals(OptionalInt.empty(), overlay.current().node("zoe"));
    GraphVersion after = overlay.commit();
    assertEquals(1, after.number());
    assertEquals(OptionalInt.of(3), after.node("zoe"));
    assertEquals(OptionalInt.of(1), after.node("b"));
    assertEquals("zoe", after.name(3));
    assertArrayEquals(new int[] {1, 2, 3}, after.neighbors(0));
    assertArrayEquals(new int[] {0}, after.neighbors(3));
    assertArrayEquals(new int[] {1, 2}, before.neighbors(0));
    assertEquals(OptionalInt.empty(), before.node("zoe"));
    assertEquals(3, before.numNodes());
  }

  @Test
  void addsAnEdgeOnce() {
    GraphOverlay overlay = GraphOverlay.of(data);
    overlay.addEdge(1, 0);
    overlay.addEdge(0, 2);
    overlay.addEdge(0, 2);
    overlay.commit();
    overlay.addEdge(0, 2);
    assertArrayEquals(new int[] {0}, overlay.commit().neighbors(2));
    assertEquals(2, overlay.current().degree(0));
  }

  @Test
  void compactsToADataset() {
    GraphOverlay overlay = GraphOverlay.of(data);
    int zoe = overlay.addNode("zoe", 7, 8);
    overlay.addEdge(2, zoe);
    overlay.commit();
    overlay.compact(folder.resolve("out"));
    try (GraphDataset written = GraphDataset.open(folder.resolve("out"))) {
      assertEquals(4, written.graph().numNodes());
      assertEquals(4, written.graph().numEdges());
      assertEquals(2, written.graph().neighbor(3));
      assertEquals(8, written.features().get(3, 1));
      assertEquals(4, written.features().get(1, 1));
      assertEquals(1, written.labels().get(1));
      assertFalse(written.labels().isLabelled(3));
      assertArrayEquals(new int[] {0, 1}, written.nodes(Split.TRAIN));
      assertEquals(OptionalInt.of(3), written.dictionary().orElseThrow().node("zoe"));
    }
    assertEquals(List.of("out"), names());
  }

  @Test
  void compactGivesEachNodeANameOfItsOwn() {
    GraphOverlay overlay = GraphOverlay.of(data);
    int unnamed = overlay.addNode(1, 2);
    overlay.addNode("3", 3, 4);
    overlay.addNode("3_", 5, 6);
    overlay.commit();
    overlay.addNode("3__", 7, 8); // not committed: does not count
    overlay.compact(folder.resolve("out"));
    try (GraphDataset written = GraphDataset.open(folder.resolve("out"))) {
      NodeDictionary names = written.dictionary().orElseThrow();
      assertEquals("3__", names.name(unnamed));
      for (int v = 0; v < 6; v++) {
        assertEquals(OptionalInt.of(v), names.node(names.name(v)));
      }
    }
  }

  @Test
  void idOfANodeOfADatasetWithoutNamesIsTaken() {
    GraphDataset nameless =
        GraphDataset.builder("tiny", CsrGraph.of(new long[3], new int[0]))
            .features(FeatureMatrix.of(1, new float[2]))
            .build();
    GraphOverlay overlay = GraphOverlay.of(nameless);
    assertThrows(BadInputException.class, () -> overlay.addNode("1", 1));
    assertEquals(2, overlay.addNode("01", 1));
    assertEquals(3, overlay.addNode("4", 1));
    overlay.addNode(1);
    overlay.commit();
    overlay.compact(folder.resolve("out"));
    try (GraphDataset written = GraphDataset.open(folder.resolve("out"))) {
      NodeDictionary names = written.dictionary().orElseThrow();
      assertEquals(
          List.of("0", "1", "01", "4", "4_"), IntStream.range(0, 5).mapToObj(names::name).toList());
    }
  }

  private List<String> names() {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void agreesWithSetsOverManyVersions() {
    int numNodes = 5000;
    GraphDataset empty =
        GraphDataset.builder("empty", CsrGraph.of(new long[numNodes + 1], new int[0]))
            .features(FeatureMatrix.of(1, new float[numNodes]))
            .build();
    GraphOverlay overlay = GraphOverlay.of(empty);
    List<TreeSet<Integer>> expected = new ArrayList<>();
    for (int v = 0; v < numNodes; v++) {
      expected.add(new TreeSet<>());
    }
    Random random = new Random(5);
    for (int commit = 0; commit < 30; commit++) {
      for (int i = 0; i < 500; i++) {
        int from = random.nextInt(numNodes);
        int to = random.nextInt(numNodes);
        overlay.addEdge(from, to);
        expected.get(to).add(from);
      }
      overlay.commit();
    }
    for (int v = 0; v < numNodes; v++) {
      int[] row = expected.get(v).stream().mapToInt(Integer::intValue).toArray();
      assertArrayEquals(row, overlay.current().neighbors(v));
    }
    assertEquals(30, overlay.current().number());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    GraphOverlay overlay = GraphOverlay.of(data);
    assertThrows(BadInputException.class, () -> overlay.addNode("b", 1, 2));
    assertThrows(BadInputException.class, () -> overlay.addNode(1));
    assertThrows(BadInputException.class, () -> overlay.addNode(1, Float.NaN));
    assertThrows(BadInputException.class, () -> overlay.addEdge(0, 3));
    overlay.addNode("zoe", 1, 2);
    assertThrows(BadInputException.class, () -> overlay.addNode("zoe", 1, 2));
  }
}
