package io.millrace.datasets.formats.ogb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Notes;
import io.millrace.datasets.ReferenceCsr;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.text.CsvReaderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OgbImporterTest {
  @TempDir Path folder;
  private Path source;
  private Path out;

  @BeforeEach
  void writeASmallFolder() throws IOException {
    source = folder.resolve("small");
    out = folder.resolve("out");
    write("raw/num-node-list", "4\n");
    write("raw/num-edge-list", "4\n");
    write("raw/edge", "0,1\n1,2\n1,0\n2,2\n");
    write("raw/node-feat", "1,-3\n0,0\n0.5,0.5\n2,8\n");
    write("raw/node-label", "3.0\n\nnan\n0\n");
    write("split/time/train", "0\n");
    write("split/time/valid", "3\n");
    write("split/time/test", "2\n1\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = source.resolve(name + ".csv.gz");
    Files.createDirectories(file.getParent());
    Files.write(file, CsvReaderTest.gzip(text));
  }

  private DatasetDescription run(ImportOptions options) {
    return OgbImporter.importFolder(source, out, options, Progress.NONE);
  }

  /** The one line must name what is wrong; nothing may be left. */
  private void rejects(String... parts) {
    Expect.badInput(() -> run(ImportOptions.defaults()), parts);
    assertEquals(List.of("small"), List.of(folder.toFile().list()));
  }

  @Test
  void importsEveryFile() {
    DatasetDescription description = run(ImportOptions.defaults());
    assertEquals("small", description.name());
    assertTrue(description.directed());
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(
          List.of(List.of(1), List.of(0), List.of(1, 2), List.of()),
          ReferenceCsr.rows(dataset.graph()));
      assertEquals(-3, dataset.features().get(0, 1));
      assertEquals(8, dataset.features().get(3, 1));
      assertEquals(4, dataset.labels().numClasses());
      assertArrayEquals(new int[] {3, -1, -1, 0}, dataset.labels().values().toArray(JAVA_INT));
      assertArrayEquals(new int[] {2, 1}, dataset.nodes(Split.TEST));
    }
    DatasetInspector.inspect(out, Progress.NONE);
  }

  @Test
  void addsReverseEdgesAndDropsDuplicates() {
    assertFalse(run(ImportOptions.defaults().withUndirected(true)).directed());
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(
          List.of(List.of(1), List.of(0, 2), List.of(1, 2), List.of()),
          ReferenceCsr.rows(dataset.graph()));
    }
  }

  @Test
  void normalisesRowsByTheSumOfAbsoluteValues() {
    run(ImportOptions.defaults().withNormalization(Normalization.ROW));
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(0.25f, dataset.features().get(0, 0));
      assertEquals(-0.75f, dataset.features().get(0, 1));
      assertEquals(0, dataset.features().get(1, 0));
      assertEquals(0.8f, dataset.features().get(3, 1));
    }
  }

  @Test
  void severalColumnsAreSeveralLabels() throws IOException {
    write("raw/node-label", "1,0,1\n0.0,nan,0\n-1,-1,-1\n0,0,1\n");
    run(ImportOptions.defaults());
    try (GraphDataset dataset = GraphDataset.open(out)) {
      NodeLabels labels = dataset.labels();
      assertTrue(labels.isMultiLabel());
      assertEquals(3, labels.numClasses());
      assertArrayEquals(
          new byte[] {1, 0, 1, 0, -1, 0, -1, -1, -1, 0, 0, 1}, labels.values().toArray(JAVA_BYTE));
    }
  }

  @Test
  void rejectsSeveralLabelsThatAreNotYesOrNo() throws IOException {
    write("raw/node-label", "1,0\n0,2\n0,0\n0,0\n");
    rejects("label must be a whole number of at least 0", "line=2, label=2.0, max=1");
    write("raw/node-label", "1,0\n0,1,1\n0,0\n0,0\n");
    rejects("wrong number of columns", "line=2, columns=3, need=2");
    write("raw/node-label", "1,0\n0\n0,0\n0,0\n");
    rejects("too few columns", "line=2, columns=1");
  }

  @Test
  void standardisesColumnsOverAllNodes() throws IOException {
    write("raw/node-feat", "1,1e6,7\n3,1000001,7\n1,1000002,7\n3,1000003,7\n");
    run(ImportOptions.defaults().withNormalization(Normalization.COLUMN));
    try (GraphDataset dataset = GraphDataset.open(out)) {
      double deviation = Math.sqrt(1.25); // of 0, 1, 2, 3, dividing by 4
      for (int node = 0; node < 4; node++) {
        assertEquals(node % 2 == 0 ? -1 : 1, dataset.features().get(node, 0));
        assertEquals((node - 1.5) / deviation, dataset.features().get(node, 1), 1e-6);
        assertEquals(0, dataset.features().get(node, 2));
      }
    }
  }

  @Test
  void storesFloat16() throws IOException {
    write("raw/node-feat", "1,-3\n0,0.1\n65504,0.5\n2,8\n");
    run(ImportOptions.defaults().withFeatureType(FeatureType.FLOAT16));
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(FeatureType.FLOAT16, dataset.features().type());
      assertEquals(65504, dataset.features().get(2, 0));
      assertEquals(0.1f, dataset.features().get(1, 1), 1e-4f);
    }
  }

  @Test
  void rejectsFeaturesThatDoNotFitFloat16() throws IOException {
    write("raw/node-feat", "1,-3\n0,0\n0.5,-65520\n2,8\n");
    Expect.badInput(
        () -> run(ImportOptions.defaults().withFeatureType(FeatureType.FLOAT16)),
        "feature does not fit float16: file=",
        "node-feat.csv.gz, line=3, column=2, value=-65520.0");
    assertFalse(Files.exists(out));
  }

  @Test
  void readsPlainCsvAndOptionalFilesMayBeMissing() throws IOException {
    Files.delete(source.resolve("raw/node-feat.csv.gz"));
    Files.delete(source.resolve("raw/node-label.csv.gz"));
    Files.delete(source.resolve("raw/edge.csv.gz"));
    Files.writeString(source.resolve("raw/edge.csv"), "0,1\r\n1,2\r\n1,0\r\n2,2");
    for (String name : List.of("train", "valid", "test")) {
      Files.delete(source.resolve("split/time/" + name + ".csv.gz"));
    }
    Files.delete(source.resolve("split/time"));
    DatasetDescription description = run(ImportOptions.defaults().withName("other"));
    assertEquals("other", description.name());
    assertEquals(2, description.files().size());
    assertEquals(Optional.empty(), description.features());
  }

  @Test
  void carriesSourceAndLicence() throws IOException {
    Files.writeString(
        source.resolve("meta.json"), "{\"source\": \"from: there\", \"licence\": \"MIT\"}");
    DatasetDescription description = run(ImportOptions.defaults());
    assertEquals("from: there", description.source());
    assertEquals(Optional.of("MIT"), description.licence());
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(description, dataset.description());
    }
  }

  @Test
  void leavesOutADamagedMetaFileAndSaysSo() throws IOException {
    Files.writeString(source.resolve("meta.json"), "{\"source\": ");
    Notes notes = new Notes();
    OgbImporter.importFolder(source, out, ImportOptions.defaults(), notes);
    assertTrue(notes.heard().getFirst().startsWith("meta.json is ignored"), notes.toString());
  }

  @Test
  void takesTheOnlySplitOrTheOneThatIsNamed() throws IOException {
    for (String name : List.of("train", "valid", "test")) {
      write("split/random/" + name, name.equals("train") ? "0\n1\n2\n3\n" : "");
    }
    rejects("more than one split", "splits=[random, time]");
    Expect.badInput(
        () -> run(ImportOptions.defaults().withSplit("other")),
        "no such split",
        "split=other, available=[random, time]");
    run(ImportOptions.defaults().withSplit("random"));
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(4, dataset.nodes(Split.TRAIN).length);
      assertEquals(0, dataset.nodes(Split.TEST).length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "raw/edge       |0,1 1,2 1,4 2,2    |edge id out of range    |line=3, id=4, numNodes=4",
        "raw/edge       |0,1 1,2 -1,3 2,2   |edge id out of range    |line=3, id=-1, numNodes=4",
        "raw/edge       |0,1 1,4294967296   |edge id out of range    |line=2, id=4294967296",
        "raw/edge       |0,1 a,2 1,3 2,2    |not an integer          |line=2, value=a",
        "raw/edge       |0,1 1 1,3 2,2      |too few columns         |line=2, columns=1",
        "raw/edge       |0,1 1,2,3 1,3 2,2  |wrong number of columns |line=2, columns=3, need=2",
        "raw/edge       |0,1 1,2 1,3        |too few lines           |lines=3, need=4",
        "raw/edge       |0,1 1,2 1,3 2,2 3,3|too many lines          |lines=5, need=4",
        "raw/node-feat  |1,2 1,nan 1,2 1,2  |feature is not finite   |line=2, column=2, value=NaN",
        "raw/node-feat  |1,2 1,2 1e39,2 1,2 |feature is not finite   |line=3, column=1",
        "raw/node-feat  |1,2 1,2 1,x 1,2    |not a number            |line=3, column=2, value=x",
        "raw/node-feat  |1,2 1,2 1 1,2      |too few columns         |line=3, columns=1",
        "raw/node-feat  |1,2 1,2 1,2,3 1,2  |wrong number of columns |line=3, columns=3, need=2",
        "raw/node-feat  |1,2 1,2 1,2        |too few lines           |lines=3, need=4",
        "raw/node-feat  |1,2 1,2 1,2 1,2 1,2|too many lines          |line=5, need=4",
        "raw/node-feat  |''                 |file is empty           |node-feat",
        "raw/node-label |0 1 1.5 0          |label must be           |line=3, label=1.5",
        "raw/node-label |0 1 -2 0           |label must be           |line=3, label=-2.0",
        "raw/node-label |0 1 3e9 0          |label must be           |line=3",
        "raw/node-label |0 1 2              |too few lines           |lines=3, need=4",
        "raw/node-label |0 1 1 0 1          |too many lines          |line=5, need=4",
        "raw/node-label |0 1,1 1 0          |wrong number of columns |line=2, columns=2, need=1",
        "raw/num-node-list|4 4              |more than one graph     |line=2",
        "raw/num-node-list|0                |count out of range      |count=0, min=1",
        "raw/num-node-list|3000000000       |count out of range      |count=3000000000",
        "raw/num-node-list|''               |file is empty           |num-node-list",
        "raw/num-edge-list|x                |not an integer          |line=1, column=1, value=x",
        "split/time/test|2 4                |split node out of range |line=2, id=4, numNodes=4",
        "split/time/test|2 0                |splits overlap  |split=test, position=1, node=0",
        "split/time/test|2 2                |node stands twice       |split=test, position=1",
      })
  void rejectsBadLines(String name, String lines, String rule, String where) throws IOException {
    write(name.strip(), lines.strip().isEmpty() ? "" : lines.strip().replace(' ', '\n') + "\n");
    rejects(rule.strip(), where.strip(), name.strip().replaceFirst("/(train|valid|test)", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw/edge",
        "raw/num-node-list",
        "raw/num-edge-list",
        "split/time/train",
        "split/time/test"
      })
  void rejectsAMissingFile(String name) throws IOException {
    Files.delete(source.resolve(name + ".csv.gz"));
    rejects("missing file: file=" + source.resolve(name + ".csv.gz"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw/edge",
        "raw/node-feat",
        "raw/node-label",
        "raw/num-node-list",
        "split/time/valid"
      })
  void rejectsATruncatedFile(String name) throws IOException {
    Path file = source.resolve(name + ".csv.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
    rejects("gzip file is truncated: file=" + file);
  }

  @Test
  void rejectsAFolderOfAnotherKind() {
    Expect.badInput(
        () -> OgbImporter.importFolder(folder, out, ImportOptions.defaults(), Progress.NONE),
        "not an OGB folder: path=" + folder + ", missing=raw");
  }

  @Test
  void refusesAnOutputThatExistsBeforeItReads() throws IOException {
    Files.createDirectory(out);
    write("raw/edge", "this would fail");
    Expect.badInput(() -> run(ImportOptions.defaults()), "output exists already: out=" + out);
  }
}
