package io.millrace.datasets.formats.ogb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.ReferenceCsr;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OGB folders in binary form. */
class OgbBinaryTest {
  private static final double[] EDGES = {0, 1, 1, 2, 1, 2, 0, 2};
  private static final double[] FEATURES = {1, -3, 0, 0, 0.5, 0.5, 2, 8};

  @TempDir Path folder;
  private Path source;
  private Path out;
  private final Map<String, byte[]> members = new TreeMap<>();

  @BeforeEach
  void collectAGraphOfFourNodes() {
    source = folder.resolve("small");
    out = folder.resolve("out");
    members.put("num_nodes_list", NumpyFiles.npy("<i8", false, "1,", 4));
    members.put("num_edges_list", NumpyFiles.npy("<i8", false, "1,", 4));
    members.put("edge_index", NumpyFiles.npy("<i8", false, "2, 4", EDGES));
    members.put("node_feat", NumpyFiles.npy("<f4", false, "4, 2", FEATURES));
    members.put("node_label", NumpyFiles.npy("<f4", false, "4, 1", 3, Double.NaN, Double.NaN, 0));
  }

  private void run() throws IOException {
    write();
    OgbImporter.importFolder(source, out, ImportOptions.defaults(), Progress.NONE);
  }

  private void write() throws IOException {
    NumpyFiles.npz(source.resolve("raw/data.npz"), members);
    NumpyFiles.npz(
        source.resolve("raw/node-label.npz"), Map.of("node_label", members.get("node_label")));
  }

  private void assertImportsTheGraph() throws IOException {
    run();
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(
          List.of(List.of(1), List.of(0), List.of(1, 2), List.of()),
          ReferenceCsr.rows(dataset.graph()));
      float[] features = dataset.features().rows().toArray(JAVA_FLOAT);
      assertArrayEquals(FEATURES, doubles(features));
      assertArrayEquals(new int[] {3, -1, -1, 0}, dataset.labels().values().toArray(JAVA_INT));
    }
    DatasetInspector.inspect(out, Progress.NONE);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  @ParameterizedTest
  @ValueSource(strings = {"<i8", ">i8", "<i4", "|u1", "<u2", ">u4", "<u8"})
  void importsEdgesOfEveryIntegerType(String dtype) throws IOException {
    members.put("edge_index", NumpyFiles.npy(dtype, false, "2, 4", EDGES));
    assertImportsTheGraph();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f2", "<f8", ">f4", ">f2"})
  void importsFeaturesOfEveryFloatType(String dtype) throws IOException {
    members.put("node_feat", NumpyFiles.npy(dtype, false, "4, 2", FEATURES));
    assertImportsTheGraph();
  }

  @Test
  void importsFortranOrderAndPairs() throws IOException {
    double[] pairs = {0, 1, 1, 2, 1, 0, 2, 2};
    members.put("node_feat", NumpyFiles.npy("<f4", true, "4, 2", 1, 0, 0.5, 2, -3, 0, 0.5, 8));
    members.put("edge_index", NumpyFiles.npy("<i8", true, "2, 4", pairs));
    assertImportsTheGraph();
    out = folder.resolve("pairs");
    members.put("edge_index", NumpyFiles.npy("<i8", false, "4, 2", pairs));
    assertImportsTheGraph();
    out = folder.resolve("halves");
    members.put("edge_index", NumpyFiles.npy("<i8", true, "4, 2", EDGES));
    assertImportsTheGraph();
    assertEquals(List.of(), Files.list(out).filter(p -> p.toString().endsWith("tmp")).toList());
  }

  @Test
  void importsIntegerLabels() throws IOException {
    members.put("node_label", NumpyFiles.npy("<i8", false, "4,", 3, -1, -1, 0));
    assertImportsTheGraph();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void importsSeveralLabelsANode(boolean fortranOrder) throws IOException {
    double[] rows = {1, 0, 0, 1, Double.NaN, -1, 1, 1};
    double[] columns = {1, 0, Double.NaN, 1, 0, 1, -1, 1};
    double[] values = fortranOrder ? columns : rows;
    members.put("node_label", NumpyFiles.npy("<f4", fortranOrder, "4, 2", values));
    run();
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertTrue(dataset.labels().isMultiLabel());
      assertArrayEquals(
          new byte[] {1, 0, 0, 1, -1, -1, 1, 1}, dataset.labels().values().toArray(JAVA_BYTE));
    }
  }

  @Test
  void standardisesColumnsInASecondPass() throws IOException {
    members.put("node_feat", NumpyFiles.npy("<f4", true, "4, 2", 1, 1, 3, 3, 7, 7, 7, 7));
    write();
    ImportOptions options = ImportOptions.defaults().withNormalization(Normalization.COLUMN);
    OgbImporter.importFolder(source, out, options, Progress.NONE);
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertArrayEquals(
          new float[] {-1, 0, -1, 0, 1, 0, 1, 0}, dataset.features().rows().toArray(JAVA_FLOAT));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "edge_index|<i8|2, 4|0 1 1 2 1 2 4 2|edge id out of range|element=6, id=4, numNodes=4",
        "edge_index|<i8|4, 2|0 1 1 -2 1 2 3 2|edge id out of range|element=3, id=-2, numNodes=4",
        "edge_index|<f4|2, 4|0 1 1 2 1 2 0 2 |must hold integers|dtype=<f4",
        "edge_index|<i8|2, 3|0 1 1 2 1 2     |wrong shape|shape=[2, 3], need=[2, 4]",
        "edge_index|<i8|8,  |0 1 1 2 1 2 0 2 |wrong shape|shape=[8], need=[2, numEdges]",
        "edge_index|<i8|2, 4|0 1 1 2 1 2 0   |truncated|dataBytes=56, needBytes=64",
        "edge_index|<i8|2, 4|0 1 1 2 1 2 0 1 1|has bytes after its data|shape=[2, 4]",
        "node_feat|<f4|4, 2|1 1 1 NaN 1 1 1 1|feature is not finite|row=1, column=2, value=NaN",
        "node_feat|<f8|4, 1|1 1 1 1e39      |feature is not finite|row=3, column=1",
        "node_feat|<f4|3, 2|1 1 1 1 1 1     |wrong shape|need=[4, number of features]",
        "node_feat|<f4|2, 2, 2|1 1 1 1 1 1 1 1|wrong shape|shape=[2, 2, 2]",
        "node_label|<f4|4, 1|1 1.5 0 0      |label must be|element=1, label=1.5",
        "node_label|<f4|4, 2|1 1 0 0 1 2 1 1|label must be|element=5, label=2.0, max=1",
        "node_label|<f4|3, 2|1 1 0 0 1 1    |wrong shape|need=[4, labels]",
        "node_label|<f4|3, |1 1 0           |wrong shape|need=[4]",
        "num_nodes_list|<i8|2,|4 4          |more than one graph|element=1",
        "num_nodes_list|<i8|0,|''           |wrong shape|need=[1]",
        "num_nodes_list|<i8|1,|0            |count out of range|count=0, min=1",
        "num_nodes_list|<i8|1,|3e9          |count out of range|count=3000000000",
      })
  void rejectsBadMembers(
      String member, String dtype, String shape, String values, String a, String b)
      throws IOException {
    double[] numbers =
        Arrays.stream(values.strip().split(" "))
            .filter(value -> !value.isEmpty())
            .mapToDouble(Double::parseDouble)
            .toArray();
    members.put(member, NumpyFiles.npy(dtype, false, shape.strip(), numbers));
    Expect.badInput(this::run, a, b.strip(), "member=" + member);
    assertEquals(List.of("small"), List.of(folder.toFile().list()));
  }

  @Test
  void rejectsObjectsAndMissingMembers() throws IOException {
    members.put("node_feat", NumpyFiles.npy("|O8", false, "4, 2", FEATURES));
    Expect.badInput(this::run, "must hold numbers", "dtype=|O8");
    members.remove("edge_index");
    Expect.badInput(this::run, "missing npz member", "member=edge_index, available=[node_feat, ");
  }

  @Test
  @Tag("exhaustive")
  void rejectsAnArchiveThatIsDamaged() throws IOException {
    damageEvery(7);
  }

  @Test
  @Tag("exhaustive")
  void rejectsAnArchiveThatIsDamagedAnywhere() throws IOException {
    damageEvery(1);
  }

  private void damageEvery(int numBytes) throws IOException {
    run();
    Path file = source.resolve("raw/data.npz");
    byte[] whole = Files.readAllBytes(file);
    try (GraphDataset good = GraphDataset.open(out)) {
      for (int i = 0; i < whole.length; i += numBytes) {
        byte[] bytes = whole.clone();
        bytes[i] ^= 0x10;
        Files.write(file, bytes);
        Path other = folder.resolve("other");
        try {
          OgbImporter.importFolder(source, other, ImportOptions.defaults(), Progress.NONE);
          // A flipped bit of a time stamp, or of the name of an optional member, does no harm.
          try (GraphDataset same = GraphDataset.open(other)) {
            assertEquals(
                ReferenceCsr.rows(good.graph()), ReferenceCsr.rows(same.graph()), "byte " + i);
          }
          FileTree.delete(other);
        } catch (BadInputException e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
      }
    }
  }

  @Test
  void rejectsEveryTruncationOfAnArchive() throws IOException {
    run();
    Path file = source.resolve("raw/data.npz");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      Expect.badInput(
          () ->
              OgbImporter.importFolder(
                  source, folder.resolve("other"), ImportOptions.defaults(), Progress.NONE),
          "not an npz file, or truncated: file=" + file);
    }
  }
}
