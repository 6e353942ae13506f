package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.inspect.DatasetReport;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes that can each have three labels; nothing is known of node 2. */
class MultiLabelTest {
  private static final byte[] VALUES = {1, 0, 1, 0, -1, 0, -1, -1, -1, 0, 0, 1};

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void save() {
    path = folder.resolve("multi");
    int[] none = {};
    CsrGraph graph = CsrBuilder.build(4, none, none, EdgeOptions.DIRECTED);
    NodeLabels labels = NodeLabels.multiLabel(3, MemorySegment.ofArray(VALUES));
    try (GraphDataset data = GraphDataset.builder("multi", graph).labels(labels).build()) {
      data.save(path);
    }
  }

  @Test
  void opensWhatItSaved() {
    try (GraphDataset data = GraphDataset.open(path)) {
      NodeLabels labels = data.labels();
      assertTrue(labels.isMultiLabel());
      assertEquals(4, labels.numNodes());
      assertEquals(3, labels.numClasses());
      assertEquals(3, labels.rowBytes());
      assertArrayEquals(VALUES, labels.values().toArray(ValueLayout.JAVA_BYTE));
      assertEquals(1, labels.get(0, 2));
      assertEquals(-1, labels.get(1, 1));
      assertTrue(labels.isLabelled(1));
      assertFalse(labels.isLabelled(2));
      assertThrows(IllegalStateException.class, () -> labels.get(0));
    }
  }

  @Test
  void theInspectorCountsTheNodesWithEachLabel() {
    DatasetReport report = DatasetInspector.inspect(path, Progress.NONE);
    assertEquals(
        new DatasetReport.LabelCounts(List.of(1L, 0L, 2L), 1), report.labels().orElseThrow());
  }

  @Test
  void oneClassANodeCanBeReadAsColumns() {
    NodeLabels labels = NodeLabels.of(2, new int[] {1, -1});
    assertEquals(0, labels.get(0, 0));
    assertEquals(1, labels.get(0, 1));
    assertEquals(-1, labels.get(1, 0));
    assertEquals(-1, labels.get(1, 1));
  }

  @Test
  void rejectsAValueThatIsNoAnswer() throws Exception {
    for (byte value : new byte[] {2, -2}) {
      byte[] bytes = Files.readAllBytes(path.resolve("labels.npy"));
      bytes[bytes.length - 2] = value;
      Files.write(path.resolve("labels.npy"), bytes);
      rejects(
          "each of several labels must be 1, 0 or -1: file=", "node=3, column=1, label=" + value);
    }
  }

  @Test
  void rejectsAnotherNumberOfColumns() throws Exception {
    TinyDataset.editYaml(path, "num_classes: 3", "num_classes: 2");
    rejects("shape does not fit dataset.yaml", "shape=[4, 3], need=[4, 2]");
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> NodeLabels.multiLabel(5, MemorySegment.ofArray(VALUES)));
    assertTrue(e.getMessage().startsWith("labels must be whole rows"), e.getMessage());
  }

  private void rejects(String... words) {
    BadInputException e =
        assertThrows(BadInputException.class, () -> GraphDataset.open(path).close());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }
}
