package io.millrace.datasets.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.TinyDataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetInspectorTest {
  @TempDir Path folder;

  private DatasetReport inspect(GraphDataset dataset) {
    Path path = folder.resolve("d");
    dataset.save(path);
    return DatasetInspector.inspect(path, Progress.NONE);
  }

  @Test
  void countsWhatIsThere() {
    DatasetReport report = inspect(TinyDataset.create());
    assertEquals(new DatasetReport.Degrees(0, 2, 1.8, 4, 1, 1, 1, 0, true), report.degrees());
    assertEquals(Optional.of(new DatasetReport.FeatureRange(-6, 10, 2.8, 1)), report.features());
    assertEquals(Optional.of(new DatasetReport.LabelCounts(List.of(2L, 2L), 1)), report.labels());
    assertEquals(Map.of(Split.TRAIN, 2, Split.VALID, 1, Split.TEST, 1), report.splitSizes());
    assertEquals(TinyDataset.create().fingerprint(), report.fingerprint());
  }

  @Test
  void reportsPlainValues() {
    Map<String, Object> map = inspect(TinyDataset.create()).toMap();
    assertEquals(5, map.get("num_nodes"));
    assertEquals(9L, map.get("num_edges"));
    assertEquals(List.of(2L, 2L), map.get("class_counts"));
    assertEquals(Map.of("train", 2, "valid", 1, "test", 1), map.get("split"));
    assertEquals("float32", map.get("feature_dtype"));
    assertEquals("name", map.keySet().iterator().next());
  }

  /** Rows need not be sorted; node 3 has an out-edge only, node 4 none. */
  @Test
  void countsDuplicatesInRowsThatAreNotSorted() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 5, 5, 6, 6, 6}, new int[] {3, 1, 3, 0, 3, 1});
    DatasetReport.Degrees degrees = inspect(GraphDataset.builder("g", graph).build()).degrees();
    assertEquals(new DatasetReport.Degrees(0, 0, 1.2, 5, 3, 1, 1, 2, false), degrees);
  }

  @Test
  void knowsAMultigraphIsSymmetricOnlyIfEdgesStandEquallyOften() {
    CsrGraph even = CsrGraph.of(new long[] {0, 2, 4}, new int[] {1, 1, 0, 0});
    CsrGraph odd = CsrGraph.of(new long[] {0, 2, 3}, new int[] {1, 1, 0});
    assertTrue(DegreeCounter.count(even, Progress.NONE).symmetric());
    assertFalse(DegreeCounter.count(odd, Progress.NONE).symmetric());
  }

  @Test
  void rejectsAFileThatChangedButStillFits() throws Exception {
    Path path = TinyDataset.save(folder.resolve("tiny"));
    TinyDataset.putInt(path.resolve("features.npy"), 1, Float.floatToIntBits(8));
    GraphDataset.open(path).close();
    Expect.badInput(
        () -> DatasetInspector.inspect(path, Progress.NONE),
        "checksum differs",
        "file=" + path.resolve("features.npy"));
  }

  @Test
  void rejectsAnUndirectedDatasetThatIsNotSymmetric() throws Exception {
    Path path = folder.resolve("g");
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 1}, new int[] {1});
    GraphDataset.builder("g", graph).build().save(path);
    TinyDataset.editYaml(path, "directed: true", "directed: false");
    Expect.badInput(
        () -> DatasetInspector.inspect(path, Progress.NONE),
        "undirected dataset must also exist in the other direction: path=" + path);
  }
}
