package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Ids of nodes in a list of edges: names, numbers and the dictionary of both. */
class EdgeListIdsTest extends EdgeListFixture {
  @Test
  void refusesNamesThatAreNotText() throws IOException {
    byte[] edges = "anna bert\nbert c\u00e9cile\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin1.txt"), edges);
    rejects(DEFAULTS, file, "id is not UTF-8 text: file=" + file + ", line=2, value=c");
  }

  @Test
  void numbersTextAsItComesAndFindsItInBothDirections() throws IOException {
    Path file = file("a.csv", "\"Smith, J\",bob\nbob,\"a \"\"b\"\"\"\nžluť,bob\n");
    try (GraphDataset data = run(DEFAULTS, file)) {
      assertEquals("Smith, J>bob žluť>bob bob>a \"b\"", edges(data));
      NodeDictionary names = data.dictionary().orElseThrow();
      assertEquals(4, names.numNodes());
      for (int node = 0; node < 4; node++) {
        assertEquals(OptionalInt.of(node), names.node(names.name(node)));
      }
      assertEquals(OptionalInt.empty(), names.node("Bob"));
    }
  }

  @Test
  void keepsBlanksInQuotedText() throws IOException {
    assertEquals("a >a a>a", imported(DEFAULTS, file("a.csv", "\"a\",\"a \"\n\"a \" , a \n")));
  }

  @Test
  void numbersLargeAndNegativeNumbersAsTheyCome() throws IOException {
    Path file = file("a.txt", "9223372036854775807 -5\n-5 12\n");
    try (GraphDataset data = run(DEFAULTS, file)) {
      assertEquals("9223372036854775807>-5 -5>12", edges(data));
      assertEquals(OptionalInt.of(1), data.dictionary().orElseThrow().node(-5));
      assertEquals(OptionalInt.empty(), data.dictionary().orElseThrow().node(5));
    }
    assertTrue(notes.heard().getFirst().contains("id=9223372036854775807"), notes.toString());
    notes.heard().clear();
    assertEquals("70000>80000", imported(DEFAULTS, file("b.txt", "70000 80000\n")));
    assertTrue(notes.heard().getFirst().contains("largest id=80000"), notes.toString());
    try (GraphDataset data = run(DEFAULTS.withIds(NodeIdKind.DENSE), folder.resolve("b.txt"))) {
      assertEquals(80_001, data.graph().numNodes());
      assertEquals(Optional.empty(), data.dictionary());
    }
  }

  @Test
  void keepsTheDictionaryWhenADatasetIsSavedAgain() throws IOException {
    try (GraphDataset data = run(DEFAULTS, file("a.csv", "ann,bob\nbob,cid\n"))) {
      Path copy = folder.resolve("copy");
      data.save(copy);
      DatasetInspector.inspect(copy, Progress.NONE);
      try (GraphDataset same = GraphDataset.open(copy)) {
        assertEquals(data.fingerprint(), same.fingerprint());
        assertEquals(edges(data), edges(same));
        assertEquals(OptionalInt.of(2), same.dictionary().orElseThrow().node("cid"));
      }
    }
  }
}
