package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's program makes a dataset in memory, with attributes of edges and names of nodes. */
class InMemoryDatasetTest {
  private static final CsrGraph GRAPH =
      CsrGraph.of(new long[] {0, 2, 3, 4}, new int[] {1, 2, 0, 0});

  private static EdgeAttributes attributes() {
    return EdgeAttributes.NONE
        .withWeights(MemorySegment.ofArray(new float[] {0.5f, 1, 2, 4}))
        .withTimes(MemorySegment.ofArray(new long[] {10, 20, 30, 40}))
        .withFeatures(2, MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6, 7, 8}))
        .withIds(MemorySegment.ofArray(new long[] {3, 0, 1, 2}));
  }

  private static void assertWhole(GraphDataset data) {
    assertEquals(2, data.edges().weight(2));
    assertEquals(40, data.edges().time(3));
    assertEquals(6, data.edges().feature(2, 1));
    assertEquals(3, data.edges().id(0));
    NodeDictionary names = data.dictionary().orElseThrow();
    assertEquals("Zoë", names.name(1));
    assertEquals(OptionalInt.of(1), names.node("Zoë"));
    assertEquals(OptionalInt.of(2), names.node(42));
    assertEquals(OptionalInt.empty(), names.node("nobody"));
  }

  @Test
  void holdsWhatItWasGivenAndSavesIt(@TempDir Path folder) {
    Path dir = folder.resolve("saved");
    try (GraphDataset data =
        GraphDataset.builder("people", GRAPH)
            .edges(attributes())
            .names(List.of("anna", "Zoë", "42"))
            .build()) {
      assertWhole(data);
      data.save(dir);
    }
    try (GraphDataset data = GraphDataset.open(dir)) {
      assertWhole(data);
    }
  }

  @Test
  void refusesWhatDoesNotFitTheGraph() {
    GraphDataset.Builder builder = GraphDataset.builder("people", GRAPH);
    assertMessage(
        "edge attributes must have one row per edge: dataset=people, column=edge_weights.npy,"
            + " bytes=12, need=16",
        () -> builder.edges(EdgeAttributes.NONE.withWeights(MemorySegment.ofArray(new float[3]))));
    assertMessage(
        "names must have one row per node: dataset=people, rows=2, numNodes=3",
        () -> builder.names(List.of("a", "b")));
    assertMessage(
        "name of a node must be text of a limited length: dataset=people, node=1, bytes=65537,"
            + " maxBytes=65536",
        () -> builder.names(List.of("a", "b".repeat(65537), "c")));
    assertThrows(BadInputException.class, () -> builder.names(List.of("a", "\ud800", "c")));
    assertThrows(BadInputException.class, () -> builder.names(List.of("a", "b", "a")));
  }

  private static void assertMessage(String expected, Runnable action) {
    assertEquals(expected, assertThrows(BadInputException.class, action::run).getMessage());
  }
}
