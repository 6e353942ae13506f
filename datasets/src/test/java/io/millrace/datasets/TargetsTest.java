package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.LabelOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers to predict: on disk, imported, inspected. */
class TargetsTest {
  private static final float[] VALUES = {1.5f, Float.NaN, -2, 3, Float.NaN, Float.NaN};

  @TempDir private Path folder;

  private static GraphDataset.Builder graph() {
    return GraphDataset.builder("tiny", CsrGraph.of(new long[] {0, 1, 2, 3}, new int[] {1, 2, 0}));
  }

  @Test
  void targetsOfADatasetComeBack() {
    try (GraphDataset made =
        graph().targets(VALUES, 2).labels(NodeLabels.of(2, new int[] {0, 1, -1})).build()) {
      made.save(folder.resolve("d"));
      try (GraphDataset read = GraphDataset.open(folder.resolve("d"));
          GraphDataset without = graph().labels(NodeLabels.of(2, new int[] {0, 1, -1})).build()) {
        assertEquals(made.fingerprint(), read.fingerprint());
        assertNotEquals(without.fingerprint(), read.fingerprint());
        assertFalse(without.hasTargets());
        assertEquals(2, read.targets().numClasses());
        assertEquals(-2, read.targets().target(1, 0));
        assertTrue(read.targets().isLabelled(0));
        assertFalse(read.targets().isLabelled(2));
        assertEquals(1, read.labels().get(1));
      }
    }
    Map<String, Object> report =
        DatasetInspector.inspect(folder.resolve("d"), Progress.NONE).toMap();
    assertEquals(2, report.get("num_targets"));
    assertEquals(List.of(2L, 1L), report.get("target_counts"));
    assertEquals(1L, report.get("without_targets"));
  }

  @Test
  void columnsOfANodeTableBecomeTargets() throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "src,dst\n0,1\n1,2\n");
    Path nodes =
        Files.writeString(
            folder.resolve("nodes.csv"), "id,age,income\n0,1.5,10\n1,NA,20\n2,,-3e2\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes,
            Optional.of("id"),
            List.of(),
            Optional.empty(),
            List.of(),
            LabelOptions.DEFAULTS,
            List.of("income", "age"),
            Optional.empty(),
            Optional.empty());
    EdgeListImporter.importFiles(
        List.of(edges),
        EdgeListOptions.defaults().withNodes(table),
        folder.resolve("d"),
        ImportOptions.defaults(),
        Progress.NONE);
    try (GraphDataset data = GraphDataset.open(folder.resolve("d"))) {
      assertEquals(List.of("income", "age"), data.targets().classNames());
      assertEquals(-300, data.targets().target(2, 0));
      assertEquals(1.5f, data.targets().target(0, 1));
      assertTrue(Float.isNaN(data.targets().target(1, 1)));
      assertTrue(Float.isNaN(data.targets().target(2, 1)));
      assertFalse(data.hasLabels());
    }
  }

  @Test
  void aFileOfNumbersBecomesTargets() throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n1,2\n");
    Path targets = folder.resolve("y.npy");
    write(targets, VALUES, 3, 2);
    ImportOptions options = ImportOptions.defaults().withTargetFile(targets);
    importTo("d", edges, options);
    try (GraphDataset data = GraphDataset.open(folder.resolve("d"))) {
      assertEquals(3, data.targets().target(1, 1));
    }
    write(folder.resolve("inf.npy"), new float[] {1, Float.POSITIVE_INFINITY, 2}, 3);
    ImportOptions infinite = options.withTargetFile(folder.resolve("inf.npy"));
    assertTrue(
        refusal("e", edges, infinite).contains("target must be finite"), "an infinite target");
    write(folder.resolve("two.npy"), new float[] {1, 2}, 2);
    ImportOptions two = options.withTargetFile(folder.resolve("two.npy"));
    assertTrue(refusal("f", edges, two).contains("[3, targets]"), "two rows for three nodes");
    ImportOptions missing = options.withTargetFile(folder.resolve("none.npy"));
    assertTrue(refusal("g", edges, missing).startsWith("missing file"), "no file");
  }

  private String refusal(String out, Path edges, ImportOptions options) {
    return assertThrows(BadInputException.class, () -> importTo(out, edges, options)).getMessage();
  }

  private void importTo(String out, Path edges, ImportOptions options) {
    EdgeListImporter.importFiles(
        List.of(edges), EdgeListOptions.defaults(), folder.resolve(out), options, Progress.NONE);
  }

  private static void write(Path file, float[] values, long... shape) throws IOException {
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT32, shape)) {
      writer.write(MemorySegment.ofArray(values));
      writer.finish();
    }
  }
}
