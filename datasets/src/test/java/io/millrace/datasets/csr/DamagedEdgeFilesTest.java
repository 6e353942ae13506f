package io.millrace.datasets.csr;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.TestEdges;
import io.millrace.datasets.TinyDataset;
import io.millrace.datasets.inspect.DatasetInspector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which what edges carry can be wrong; {@code open} and {@code inspect} must agree. */
class DamagedEdgeFilesTest {
  @TempDir Path folder;

  private Path path;

  @BeforeEach
  void save() {
    int[][] edges = {{0, 1}, {1, 2}, {2, 0}};
    SortMemory sizes = new SortMemory(1, 10, 1 << 20, 1 << 20);
    EdgeSource source = new TestEdges(edges, TestEdges.ALL);
    path = TestBuild.write(folder.resolve("d"), 3, source, EdgeOptions.DIRECTED, sizes);
  }

  private void rejects(String... parts) {
    Expect.badInput(() -> GraphDataset.open(path).close(), parts);
    Expect.badInput(() -> DatasetInspector.inspect(path, Progress.NONE), parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge_ids", "edge_time", "edge_weights", "edge_features"})
  void rejectsAMissingATruncatedAndAChangedFile(String name) throws Exception {
    Path file = path.resolve(name + ".npy");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    rejects("missing file: file=" + file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
    rejects("file has the wrong size: file=" + file);
    bytes[bytes.length - 4] ^= 1;
    Files.write(file, bytes);
    GraphDataset.open(path).close(); // a value is as good as another, only the checksum tells
    Expect.badInput(
        () -> DatasetInspector.inspect(path, Progress.NONE), "checksum differs", "file=" + file);
  }

  @Test
  void rejectsANegativeId() throws Exception {
    TinyDataset.putInt(path.resolve("edge_ids.npy"), 3, -1);
    rejects("edge id is negative: file=" + path.resolve("edge_ids.npy"), "position=1");
  }

  @Test
  void rejectsValuesThatAreNotFinite() throws Exception {
    TinyDataset.putInt(path.resolve("edge_features.npy"), 2, 0x7f800000);
    rejects("edge value is not finite", "edge_features.npy, position=2, column=1, value=Infinity");
    TinyDataset.putInt(path.resolve("edge_weights.npy"), 3, 0x7fc00000);
    rejects("edge value is not finite", "edge_weights.npy, position=0, column=0, value=NaN");
  }

  @Test
  void rejectsAnotherNumberOfEdges() throws Exception {
    Path file = path.resolve("edge_time.npy");
    String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, text.replace("(3,)", "(2,)"), java.nio.charset.StandardCharsets.ISO_8859_1);
    rejects("npy file has bytes after its data: file=" + file);
  }

  @Test
  void saysWhatADatasetDoesNotHave() {
    try (GraphDataset tiny = TinyDataset.create()) {
      Expect.badInput(
          () -> tiny.edges().weight(0), "dataset has no such file: file=edge_weights.npy");
    }
  }
}
