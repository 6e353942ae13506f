package io.millrace.datasets.formats.graphbolt;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.Progress;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.ReferenceCsr;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphBoltImporterTest {
  private static final String METADATA =
      """
      dataset_name: small
      graph:
        nodes:
          - num: 4
        edges:
          - {format: numpy, path: edges.npy}
        feature_data:
          - {domain: edge, name: weight, format: numpy, path: weight.npy}
          - {domain: edge, name: when, format: numpy, path: when.npy}
      feature_data:
        - {domain: node, name: feat, format: numpy, path: feat.npy}
        - {domain: node, name: year, format: numpy, path: year.npy}
        - {domain: edge, name: amounts, format: numpy, path: amounts.npy}
      tasks:
        - name: node_classification
          num_classes: 5
          train_set:
            - data:
                - {name: seeds, format: numpy, path: train.npy}
                - {name: labels, format: numpy, path: train_labels.npy}
          test_set:
            - data:
                - {name: seed_nodes, format: numpy, path: test.npy}
                - {name: labels, format: numpy, path: test_labels.npy}
        - name: link_prediction
      """;

  @TempDir Path folder;
  private Path source;
  private Path out;
  private ImportOptions options = ImportOptions.defaults().withSplit("node_classification");
  private GraphBoltOptions taken = GraphBoltOptions.defaults();

  @BeforeEach
  void writeASmallDataset() throws IOException {
    source = Files.createDirectory(folder.resolve("small"));
    out = folder.resolve("out");
    Files.writeString(source.resolve("metadata.yaml"), METADATA);
    write("edges", NumpyFiles.npy("<i8", false, "2, 4", 0, 1, 1, 2, 1, 2, 0, 2));
    write("feat", NumpyFiles.npy("<f4", false, "4, 2", 1, -3, 0, 0, 0.5, 0.5, 2, 8));
    write("year", NumpyFiles.npy("<i4", false, "4,", 2001, 2002, 2003, 2004));
    write("train", NumpyFiles.npy("<i8", false, "2,", 3, 0));
    write("train_labels", NumpyFiles.npy("<i8", false, "2,", 3, 1));
    write("test", NumpyFiles.npy("<i4", false, "1,", 2));
    write("test_labels", NumpyFiles.npy("<f4", false, "1, 1", 0));
  }

  private void writeEdgeData() throws IOException {
    write("weight", NumpyFiles.npy("<f8", false, "4,", .5, -1, 4, 2));
    write("when", NumpyFiles.npy(">i8", false, "4, 1", 40, 30, 20, 10));
    write("amounts", NumpyFiles.npy("<f4", false, "4, 2", 1, 2, 3, 4, 5, 6, 7, 8));
    taken =
        new GraphBoltOptions(
            Optional.of("feat"),
            Optional.of("weight"),
            Optional.of("when"),
            Optional.of("amounts"),
            true);
  }

  private void write(String name, byte[] npy) throws IOException {
    Files.write(source.resolve(name + ".npy"), npy);
  }

  private void replace(String from, String to) throws IOException {
    Files.writeString(source.resolve("metadata.yaml"), METADATA.replace(from, to));
  }

  private GraphDataset run() {
    GraphBoltImporter.importFolder(source, taken, out, options, Progress.NONE);
    DatasetInspector.inspect(out, Progress.NONE);
    return GraphDataset.open(out);
  }

  private void rejects(String... parts) {
    Expect.badInput(this::run, parts);
    assertEquals(List.of("small"), List.of(folder.toFile().list()));
  }

  @Test
  void importsEveryPart() {
    try (GraphDataset data = run()) {
      assertEquals("small", data.name());
      assertEquals(
          List.of(List.of(1), List.of(0), List.of(1, 2), List.of()),
          ReferenceCsr.rows(data.graph()));
      assertEquals(-3, data.features().get(0, 1));
      assertEquals(5, data.labels().numClasses());
      assertArrayEquals(new int[] {1, -1, 0, 3}, data.labels().values().toArray(JAVA_INT));
      assertArrayEquals(new int[] {3, 0}, data.nodes(Split.TRAIN));
      assertArrayEquals(new int[] {2}, data.nodes(Split.TEST));
      assertFalse(data.hasSplit(Split.VALID));
    }
  }

  @Test
  void importsCsvEdgesAndOtherFeatures() throws IOException {
    replace("{format: numpy, path: edges.npy}", "{format: csv, path: edges.csv}");
    Files.writeString(source.resolve("edges.csv"), "0,1\n1,2\n1,0\n2,2\n");
    taken =
        new GraphBoltOptions(
            Optional.of("year"), Optional.empty(), Optional.empty(), Optional.empty(), false);
    try (GraphDataset data = run()) {
      assertEquals(
          List.of(List.of(1), List.of(0), List.of(1, 2), List.of()),
          ReferenceCsr.rows(data.graph()));
      assertEquals(2004, data.features().get(3, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void carriesTheDataOfEdgesToTheirRows(boolean csv) throws IOException {
    writeEdgeData();
    if (csv) {
      replace("{format: numpy, path: edges.npy}", "{format: csv, path: edges.csv}");
      Files.writeString(source.resolve("edges.csv"), "0,1\n1,2\n1,0\n2,2\n");
    }
    try (GraphDataset data = run()) { // rows, by time: 1>0, 0>1, 2>2 1>2
      EdgeAttributes carried = data.edges();
      assertArrayEquals(new long[] {2, 0, 3, 1}, carried.ids().toArray(JAVA_LONG));
      assertArrayEquals(new float[] {4, .5f, 2, -1}, carried.weights().toArray(JAVA_FLOAT));
      assertArrayEquals(new long[] {20, 40, 10, 30}, carried.times().toArray(JAVA_LONG));
      assertArrayEquals(
          new float[] {5, 6, 1, 2, 7, 8, 3, 4}, carried.features().toArray(JAVA_FLOAT));
    }
  }

  @Test
  void rejectsDataThatDoesNotFitTheEdges() throws IOException {
    writeEdgeData();
    write("weight", NumpyFiles.npy("<f8", false, "3,", 1, 2, 3));
    rejects("wrong shape", "weight.npy, shape=[3], need=a row for each of 4 edges");
    write("weight", NumpyFiles.npy("<f8", false, "4,", 1, 2, Double.NaN, 3));
    rejects("value is not finite", "weight.npy, element=2, value=NaN");
    writeEdgeData();
    write("when", NumpyFiles.npy("<f8", false, "4,", 1, 2, 3, 4));
    rejects("must hold integers", "when.npy");
    write("when", NumpyFiles.npy("<i8", false, "2, 2", 1, 2, 3, 4));
    rejects("wrong shape", "when.npy, shape=[2, 2], need=[number of edges]");
    writeEdgeData();
    write("amounts", NumpyFiles.npy("<f4", true, "4, 2", 1, 2, 3, 4, 5, 6, 7, 8));
    rejects("wrong shape", "amounts.npy", "in C order");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void rejectsAnotherNumberOfValuesThanEdgesInCsv(int numValues) throws IOException {
    writeEdgeData();
    replace("{format: numpy, path: edges.npy}", "{format: csv, path: edges.csv}");
    Files.writeString(source.resolve("edges.csv"), "0,1\n1,2\n1,0\n2,2\n");
    double[] values = new double[numValues];
    write("weight", NumpyFiles.npy("<f8", false, numValues + ",", values));
    rejects("wrong shape", "shape=[" + numValues + "], need=a row for each of 4 edges");
  }

  @Test
  void rejectsEdgeDataThatIsNotThere() throws IOException {
    writeEdgeData();
    replace("name: weight", "name: load");
    rejects("no such edge data", "name=weight, available=[amounts, load, when]");
    replace(
        "name: weight, format: numpy, path: weight.npy", "name: weight, format: torch, path: w.pt");
    rejects("torch files cannot be read", "w.pt");
  }

  @Test
  void importsAGraphWithoutFeaturesAndTasks() throws IOException {
    Files.writeString(
        source.resolve("metadata.yaml"), METADATA.substring(0, METADATA.indexOf("feature_data")));
    options = ImportOptions.defaults();
    try (GraphDataset data = run()) {
      assertFalse(data.hasFeatures() || data.hasLabels() || data.hasSplit(Split.TRAIN));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format: numpy, path: feat.npy |format: torch, path: feat.pt|torch files cannot be"
            + " read|numpy.save",
        "format: numpy, path: feat.npy |format: csv, path: feat.csv |only edges may be"
            + " csv|feat.csv",
        "format: numpy, path: edges.npy|format: text, path: e       |wrong value in"
            + " description|value=text",
        "num: 4                        |num: 0                      |wrong value in"
            + " description|key=num, value=0",
        "num: 4                        |num: 2                      |npy file has the"
            + " wrong shape|shape=[4, 2], need=[2, ",
        "- num: 4                      |[{num: 4}, {num: 3}]        |one node type|key=nodes,"
            + " entries=2",
        "num_classes: 5                |num_classes: 3              |label out of range|label=3,"
            + " num_classes=3",
        "path: train_labels.npy        |path: test_labels.npy       |wrong shape|need=[2]",
        "path: test.npy                |path: train.npy             |splits overlap|split=test",
        "path: edges.npy               |path: feat.npy              |must hold integers|feat.npy",
        "path: edges.npy               |path: nowhere.npy           |missing file|nowhere.npy",
        "name: feat                    |name: x                     |name the features to"
            + " import|available=[x, year]",
        "tasks:                        |tasks: 7                    |not valid YAML|metadata.yaml",
      })
  void rejectsBadMetadata(String from, String to, String rule, String where) throws IOException {
    replace(from.strip(), to.strip());
    rejects(rule.strip(), where.strip());
  }

  @Test
  void rejectsWhatItCannotChoose() throws IOException {
    options = ImportOptions.defaults();
    rejects("more than one task, name one of them", "[node_classification, link_prediction]");
    options = options.withSplit("other");
    rejects("no such task", "task=other");
    Files.delete(source.resolve("metadata.yaml"));
    rejects("not a GraphBolt dataset", "missing=metadata.yaml");
  }
}
