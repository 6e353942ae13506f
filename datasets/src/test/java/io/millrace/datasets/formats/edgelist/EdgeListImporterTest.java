package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.Notes;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.text.CsvReaderTest;
import io.millrace.datasets.text.HeaderMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeListImporterTest {
  private static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  private final Notes notes = new Notes();
  private int numOuts;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private GraphDataset run(EdgeListOptions options, Path... files) {
    Path out = folder.resolve("out" + numOuts++);
    EdgeListImporter.importFiles(List.of(files), options, out, ImportOptions.defaults(), notes);
    DatasetInspector.inspect(out, Progress.NONE);
    return GraphDataset.open(out);
  }

  private void rejects(EdgeListOptions options, Path file, String... parts) {
    List<String> before = List.of(folder.toFile().list());
    Expect.badInput(() -> run(options, file), parts);
    assertEquals(before, List.of(folder.toFile().list()));
  }

  @Test
  void refusesNamesThatAreNotText() throws IOException {
    byte[] edges = "anna bert\nbert c\u00e9cile\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin1.txt"), edges);
    rejects(DEFAULTS, file, "id is not UTF-8 text: file=" + file + ", line=2, value=c");
  }

  /** Each edge by its names, as {@code src>dst}, in the order of the rows. */
  private static String edges(GraphDataset data) {
    StringBuilder edges = new StringBuilder();
    for (int v = 0; v < data.graph().numNodes(); v++) {
      for (long i = data.graph().rowStart(v); i < data.graph().rowStart(v + 1); i++) {
        int src = data.graph().neighbor(i);
        edges.append(name(data, src)).append('>').append(name(data, v)).append(' ');
      }
    }
    return edges.toString().strip();
  }

  private static String name(GraphDataset data, int node) {
    return data.dictionary().map(d -> d.name(node)).orElse(Integer.toString(node));
  }

  private String imported(EdgeListOptions options, Path... files) {
    try (GraphDataset data = run(options, files)) {
      return edges(data);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Nodes: 4\n# FromNodeId\tToNodeId\n0\t1\n3\t1\n1\t2\n",
        "0 1\n3  1\n1 2",
        "  0 1\r\n3\t1 \r\n\r\n1 2\r\n\n",
        "% from a matrix\n0,1\n3,1\n1,2\n",
        "src;dst\n0;1\n3;1\n1;2\n",
        "\"from\",\"to\"\n\"0\",\"1\"\n\"3\", 1\n 1 ,\"2\"\n",
        "\uFEFF0,1\n3,1\n1,2\n",
      })
  void readsTheSameGraphFromEveryLayout(String text) throws IOException {
    assertEquals("0>1 3>1 1>2", imported(DEFAULTS, file("a.txt", text)));
  }

  @Test
  void readsPackedFilesAndSeveralOfThem() throws IOException {
    Path gz = folder.resolve("a.txt.gz");
    Files.write(gz, CsvReaderTest.gzip("0 1\n3 1\n"));
    Path zst = folder.resolve("b.csv.zst");
    Files.write(zst, zstd("src,dst\n1,2\n"));
    assertEquals("0>1 3>1 1>2", imported(DEFAULTS, gz, zst));
  }

  private static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void takesTheColumnsThatAreAskedForByNameOrNumber() throws IOException {
    Path file = file("a.tsv", "when\tto\tfrom\nx y\t1\t0\n\t1\t3\nz\t2\t1\n");
    String need = "0>1 3>1 1>2";
    assertEquals(need, imported(DEFAULTS.withColumns("from", "to"), file));
    assertEquals(need, imported(DEFAULTS.withColumns("3", "2"), file));
    rejects(
        DEFAULTS.withColumns("of", "to"), file, "no such column", "column=of", "[when, to, from]");
    rejects(DEFAULTS.withColumns("4", "1"), file, "no such column", "column=4");
  }

  @Test
  void carriesWeightsTimesAndPositionsToTheRowsOfTheGraph() throws IOException {
    EdgeListOptions options =
        DEFAULTS.withWeightColumn("w").withTimeColumn("when").withEdgeIds(true);
    Path file = file("a.csv", "s,w,d,when\n2,.5,0,-7\n1,-3,0,9\n0,1e3,2,8\n");
    try (GraphDataset data = run(options.withColumns("s", "d"), file)) {
      assertEquals("1>0 2>0 0>2", edges(data));
      EdgeAttributes carried = data.edges();
      assertArrayEquals(
          new float[] {-3, .5f, 1000}, carried.weights().toArray(ValueLayout.JAVA_FLOAT));
      assertArrayEquals(new long[] {9, -7, 8}, carried.times().toArray(ValueLayout.JAVA_LONG));
      assertArrayEquals(new long[] {1, 0, 2}, carried.ids().toArray(ValueLayout.JAVA_LONG));
    }
  }

  @Test
  void rejectsAWeightOrTimeThatIsNone() throws IOException {
    EdgeListOptions weights = DEFAULTS.withWeightColumn("3");
    rejects(weights, file("a.txt", "0 1 2\n1 0 nan\n"), "weight is not finite", "line=2");
    rejects(weights, file("b.txt", "0 1 2\n1 0 1e39\n"), "weight is not finite", "value=1e39");
    rejects(weights, file("c.txt", "0 1 2\n1 0 x\n"), "not a number", "line=2, value=x");
    rejects(weights, file("d.txt", "0 1\n"), "no such column", "column=3");
    rejects(
        DEFAULTS.withTimeColumn("3"),
        file("e.txt", "0 1 2\n1 0 1.5\n"),
        "not an integer",
        "line=2");
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

  @Test
  void takesAHeaderOnlyWhereOneIs() throws IOException {
    Path names = file("a.csv", "ann,bob\nbob,cid\n");
    assertEquals("ann>bob bob>cid", imported(DEFAULTS, names));
    assertEquals("bob>cid", imported(DEFAULTS.withHeader(HeaderMode.YES), names));
    rejects(DEFAULTS.withHeader(HeaderMode.YES), file("c.csv", "src,dst\n"), "no edges", "c.csv");
    Path mixed = file("b.csv", "src,dst\n1,2\n");
    rejects(DEFAULTS.withHeader(HeaderMode.NO).withIds(NodeIdKind.DENSE), mixed, "not an integer");
  }

  @Test
  void readsANodeTable() throws IOException {
    Path edges = file("edges.csv", "c,a\na,b\n");
    Path nodes =
        file(
            "nodes.csv",
            "id,x1,x2,class,part\na,1,-2.5,0,train\nb,0,1e2,,val\nc,.5,3,2,test\nd,1,1,nan,\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("x*"), Optional.of("class"), Optional.of("part"));
    try (GraphDataset data = run(DEFAULTS.withNodes(table), edges)) {
      assertEquals("c>a a>b", edges(data));
      assertEquals(4, data.graph().numNodes());
      assertEquals(-2.5f, data.features().get(0, 1));
      assertEquals(0.5f, data.features().get(2, 0));
      assertEquals(3, data.labels().numClasses());
      assertEquals(
          List.of(0, -1, 2, -1), List.of(0, 1, 2, 3).stream().map(data.labels()::get).toList());
      assertArrayEquals(new int[] {0}, data.nodes(Split.TRAIN));
      assertArrayEquals(new int[] {1}, data.nodes(Split.VALID));
      assertArrayEquals(new int[] {2}, data.nodes(Split.TEST));
    }
  }

  /** Numbered by name, not by row; what is no label does not decide what labels are. */
  @Test
  void numbersClassesThatAreTextInTheOrderOfTheirNames() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path nodes = file("nodes.csv", "f,kind\n0,nan\n0,shop\n0,\n0,-1\n0,\"a, b\"\n0,7th\n0,shop\n");
    try (GraphDataset data = run(DEFAULTS.withNodes(labelTable(nodes, "kind")), edges)) {
      assertEquals(List.of("7th", "a, b", "shop"), data.labels().classNames());
      assertEquals("a, b", data.labels().className(1));
      assertArrayEquals(
          new int[] {-1, 2, -1, -1, 1, 0, 2}, data.labels().values().toArray(ValueLayout.JAVA_INT));
      Path copy = folder.resolve("copy");
      data.save(copy);
      try (GraphDataset same = GraphDataset.open(copy)) {
        assertEquals(data.labels().classNames(), same.labels().classNames());
      }
      Path yaml = copy.resolve(DatasetDescription.FILE_NAME);
      String text = Files.readString(yaml);
      String unsealed = text.substring(text.indexOf('\n') + 1);
      Files.writeString(yaml, unsealed.replace("- shop\n", ""));
      Expect.badInput(() -> GraphDataset.open(copy), "need a name for each class: names=2");
    }
  }

  @Test
  void takesNamesOfClassesThatLookLikeNumbersOfJava() throws IOException {
    Path nodes = file("nodes.csv", "f,kind\n0,3D\n0,2f\n0,4d\n0,1F\n");
    try (GraphDataset data =
        run(DEFAULTS.withNodes(labelTable(nodes, "kind")), file("edges.csv", "0,1\n"))) {
      assertEquals(List.of("1F", "2f", "3D", "4d"), data.labels().classNames());
    }
  }

  /** What is imported can be opened: the names lie in dataset.yaml, which may not be any length. */
  @Test
  void opensADatasetWithManyLongNamesOfClasses() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path nodes = namesOfClasses(655, 100);
    try (GraphDataset data = run(DEFAULTS.withNodes(labelTable(nodes, "kind")), edges)) {
      assertEquals(655, data.labels().classNames().size());
    }
    rejects(
        DEFAULTS.withNodes(labelTable(namesOfClasses(656, 100), "kind")),
        edges,
        "class names are too long in total",
        "line=657, column=kind, maxBytes=65536");
  }

  /** Names of so many bytes: ž is of 2, \u0001 is escaped. */
  private Path namesOfClasses(int count, int bytes) throws IOException {
    StringBuilder text = new StringBuilder("f,kind\n");
    for (int i = 0; i < count; i++) {
      String name = "%05d\u0001".formatted(i) + "ž".repeat((bytes - 6) / 2);
      text.append("0,").append(name).append(bytes % 2 == 0 ? "" : "x").append('\n');
    }
    return file("many.csv", text.toString());
  }

  @Test
  void rejectsTextAmongLabelsThatAreNumbersAndNamesThatAreNone() throws IOException {
    Path edges = file("edges.csv", "0,1\n");
    Path mixed = file("mixed.csv", "f,kind\n0,nan\n0,1\n0,shop\n");
    rejects(
        DEFAULTS.withNodes(labelTable(mixed, "kind")),
        edges,
        "labels are numbers and text",
        "line=4, column=kind, value=shop");
    Path typed = file("typed.csv", "f,kind\n0,1\n0,3D\n");
    rejects(
        DEFAULTS.withNodes(labelTable(typed, "kind")),
        edges,
        "labels are numbers and text",
        "line=3, column=kind, value=3D");
    StringBuilder many = new StringBuilder("f,kind\n");
    for (int i = 0; i <= TableLabels.MAX_NAMES; i++) {
      many.append("0,k").append(i).append('\n');
    }
    rejects(
        DEFAULTS.withNodes(labelTable(file("many.csv", many.toString()), "kind")),
        edges,
        "too many class names",
        "line=10002, column=kind");
    Path text = file("long.csv", "f,kind\n0," + "x".repeat(201) + "\n");
    rejects(
        DEFAULTS.withNodes(labelTable(text, "kind")),
        edges,
        "class name is too long",
        "line=2, column=kind, length=201");
  }

  private static NodeTableOptions labelTable(Path file, String label) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of("f"), Optional.of(label), Optional.empty());
  }

  @Test
  void readsANodeTableWhoseRowsAreTheIds() throws IOException {
    Path edges = file("edges.txt", "2 0\n");
    Path nodes = file("nodes.txt", "1 5\n2 6\n3 7\n");
    NodeTableOptions table = table(nodes, "1-2");
    try (GraphDataset data = run(DEFAULTS.withNodes(table), edges)) {
      assertEquals("2>0", edges(data));
      assertEquals(7, data.features().get(2, 1));
      assertFalse(data.hasLabels());
    }
    rejects(
        DEFAULTS.withNodes(table),
        file("far.txt", "2 0\n\n0 3\n"),
        "edge id out of range: file=",
        "far.txt, line=3, id=3, numNodes=3");
  }

  private static NodeTableOptions table(Path file, String... features) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of(features), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,f;a,1;b,x      |not a number               |line=3, column=f, value=x",
        "id,f;a,1;b,nan    |feature is not finite      |line=3, column=1, value=NaN",
        "id,f;a,1;b,       |feature is not finite; --m |line=3, column=1, value=NaN",
        "id,f;a,1;a,2      |duplicate id               |line=3, column=id, value=a",
        "id,f;a,1;b        |too few columns            |line=3, columns=1, need=2",
        "id,f;a,1;,2       |id is empty                |nodes.csv, line=3",
        "id,f;a,1;c,2      |node is not in the node table|edges.csv, line=2, value=b",
        "id,g;a,1          |no such column             |column=f, available=[id, g]",
        "id,f              |file has no lines of data  |nodes.csv",
        "''                |file has no lines of data  |nodes.csv",
      })
  void rejectsBadNodeTables(String lines, String rule, String where) throws IOException {
    Path edges = file("edges.csv", "a,a\na,b\n");
    Path nodes = file("nodes.csv", lines.strip().replace(';', '\n'));
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    rejects(DEFAULTS.withNodes(table), edges, rule, where);
  }

  @Test
  void namesTheLineOfANodeThatIsNotInTheTable() throws IOException {
    Path nodes = file("nodes.csv", "id,f\n\"a \"\"b\"\"\",1\nc,2\n");
    Path edges = file("edges.csv", "\n\"a \"\"b\"\"\",c\r\n \r\nc,c\nc,\"x \"\"y\"\"\"\nc,c\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    rejects(
        DEFAULTS.withNodes(table),
        edges,
        "node is not in the node table: file=",
        "edges.csv, line=5, value=x \"y\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 1;1 x;2 3        |not an integer               |line=2, value=x",
        "0 1;;1 1.5         |not an integer               |line=3, value=1.5",
        "0 1;1              |too few columns              |line=2, columns=1, need=2",
        "0 1;1 2 3          |wrong number of columns      |line=2, columns=3, need=2",
        "0,1;1,             |not an integer               |line=2, value=",
        "0 1;1 99999999999999999999 |not an integer of 64 bits|line=2, value=9999",
        "0,1;\"1,2          |quotation mark is not closed |line=2, value=\"1,2",
        "0,1;\"1\"x,2       |text after a closing quotation mark|line=2, value=x",
        "# nothing;         |file has no lines of data    |a.txt",
      })
  void rejectsBadLines(String lines, String rule, String where) throws IOException {
    rejects(DEFAULTS, file("a.txt", lines.strip().replace(';', '\n')), rule, where.strip());
  }

  @Test
  void takesACarriageReturnInALineForText() throws IOException {
    rejects(DEFAULTS, file("a.csv", "0,1\n1,\r2\n3,4\n"), "not an integer", "line=2, value=\\x0d2");
  }

  @Test
  void rejectsNegativeDenseIdsMissingFilesAndDirectories() throws IOException {
    EdgeListOptions dense = DEFAULTS.withIds(NodeIdKind.DENSE);
    rejects(dense, file("a.txt", "0 1\n1 -2\n"), "edge id out of range", "line=2, id=-2");
    rejects(DEFAULTS, folder.resolve("none.txt"), "missing file: file=", "none.txt");
    rejects(DEFAULTS, Files.createDirectory(folder.resolve("d")), "need a file, not a directory");
  }

  @Test
  void rejectsTruncatedAndDamagedPackedFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append(i).append(' ').append(i * 7919 % 5000).append('\n');
    }
    byte[] gz = CsvReaderTest.gzip(text.toString());
    byte[] zst = zstd(text.toString());
    for (int length : new int[] {0, 5, 100, gz.length / 2, gz.length - 1}) {
      Path file = Files.write(folder.resolve("a.gz"), Arrays.copyOf(gz, length));
      rejects(DEFAULTS, file, "gzip file is truncated: file=" + file);
    }
    for (int length : new int[] {100, zst.length / 2, zst.length - 1}) {
      Path file = Files.write(folder.resolve("a.zst"), Arrays.copyOf(zst, length));
      rejects(DEFAULTS, file, "zstd file is damaged or truncated: file=" + file);
    }
    gz[gz.length / 2] ^= 1;
    rejects(DEFAULTS, Files.write(folder.resolve("b.gz"), gz), "gzip file is damaged", "line=");
  }
}
