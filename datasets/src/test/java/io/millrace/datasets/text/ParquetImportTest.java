package io.millrace.datasets.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.ParquetFiles;
import io.millrace.datasets.ReferenceCsr;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetImportTest {
  private static final String EDGES =
      "required binary payer (STRING); required binary payee (STRING); optional double amount;"
          + " required int64 at (TIMESTAMP(MILLIS,true));";

  @TempDir Path folder;

  private Path file(String columns, int numRows, BiConsumer<Integer, Group> fill)
      throws IOException {
    return ParquetFiles.write(
        folder.resolve("t.parquet"), CompressionCodecName.SNAPPY, columns, numRows, fill);
  }

  private static String text(Path file) throws IOException {
    try (var in = TextFile.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Rows of several row groups, some names often, as in a table of payments. */
  private static BiConsumer<Integer, Group> payments(long seed) {
    Random random = new Random(seed);
    return (row, group) -> {
      group.add("payer", "account " + random.nextInt(500));
      group.add("payee", random.nextInt(9) == 0 ? "Smith, \"J\"" : "shop " + random.nextInt(50));
      if (random.nextInt(10) > 0) {
        group.add("amount", random.nextGaussian());
      }
      group.add("at", 1_700_000_000_000L + row);
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void writesOutEveryRowInOrder(CompressionCodecName codec) throws IOException {
    int numRows = 5_000;
    Path file = ParquetFiles.write(folder.resolve("a.parquet"), codec, EDGES, numRows, payments(5));
    String[] lines = text(file).split("\n");
    assertEquals("\"payer\",\"payee\",\"amount\",\"at\"", lines[0]);
    assertEquals(numRows, lines.length - 1);
    Random random = new Random(5);
    for (int row = 0; row < numRows; row++) {
      String payer = "\"account " + random.nextInt(500) + "\"";
      String payee =
          random.nextInt(9) == 0 ? "\"Smith, \"\"J\"\"\"" : "\"shop " + random.nextInt(50) + "\"";
      String amount = random.nextInt(10) > 0 ? Double.toString(random.nextGaussian()) : "\"\"";
      String need = payer + "," + payee + "," + amount + "," + (1_700_000_000_000L + row);
      assertEquals(need, lines[row + 1], codec + ", row " + row);
    }
  }

  @Test
  void importsAsFromTheSameTableInCsv() throws IOException {
    Path parquet =
        file(
            EDGES.replace("optional double", "required double"),
            5_000,
            (row, group) -> {
              payments(row).accept(row, group);
              if (group.getFieldRepetitionCount("amount") == 0) {
                group.add("amount", 1.0);
              }
            });
    Path csv = Files.writeString(folder.resolve("t.csv"), text(parquet));
    EdgeListOptions options =
        EdgeListOptions.defaults()
            .withColumns("payer", "payee")
            .withWeightColumn("amount")
            .withTimeColumn("at");
    EdgeListOptions tabs = options.withSeparator(Delimiter.TAB).withHeader(HeaderMode.NO);
    var found = imported("parquet", parquet, tabs);
    assertEquals(imported("csv", csv, options).fingerprint(), found.fingerprint());
    assertEquals(5_000, found.numEdges());
  }

  private DatasetDescription imported(String name, Path edges, EdgeListOptions options) {
    Path out = folder.resolve(name);
    EdgeListImporter.importFiles(
        List.of(edges), options, out, ImportOptions.defaults(), Progress.NONE);
    return DatasetInspector.inspect(out, Progress.NONE).description();
  }

  @Test
  void readsEdgesAndNodesOfAllTypes() throws IOException {
    Path edges =
        ParquetFiles.write(
            folder.resolve("edges.parquet"),
            CompressionCodecName.ZSTD,
            "required int64 from; required int64 to; required float w; required int32 day (DATE);",
            3,
            (row, group) -> {
              group.add("from", new long[] {-5, 7, 1L << 40}[row]);
              group.add("to", new long[] {7, 1L << 40, 7}[row]);
              group.add("w", row + .5f);
              group.add("day", -row);
            });
    Path nodes =
        file(
            "required int64 id; required float f32; required double f64; required boolean yes;"
                + " required int32 u32 (INTEGER(32,false));"
                + " required fixed_len_byte_array(2) f16 (FLOAT16);"
                + " required int64 money (DECIMAL(18,2)); repeated float list;"
                + " optional int32 y; optional binary part (STRING);",
            3,
            (row, group) -> {
              group.add("id", new long[] {1L << 40, 7, -5}[row]);
              group.add("f32", .1f);
              group.add("f64", -1e-3);
              group.add("yes", row == 1);
              group.add("u32", -1);
              group.add("f16", Binary.fromConstantByteArray(new byte[] {0, (byte) 0xbe}));
              group.add("money", 12_345L);
              group.add("list", 1f);
              if (row < 2) {
                group.add("y", row);
                group.add("part", row == 0 ? "train" : "test");
              }
            });
    NodeTableOptions table =
        new NodeTableOptions(
            nodes,
            Optional.of("id"),
            List.of("f32", "f64", "yes", "u32", "f16", "money"),
            Optional.of("y"),
            Optional.of("part"));
    imported(
        "out",
        edges,
        EdgeListOptions.defaults()
            .withColumns("from", "to")
            .withWeightColumn("w")
            .withTimeColumn("day")
            .withNodes(table));
    try (GraphDataset data = GraphDataset.open(folder.resolve("out"))) {
      assertEquals(List.of(List.of(1), List.of(0, 2), List.of()), ReferenceCsr.rows(data.graph()));
      assertArrayEquals(
          new float[] {1.5f, 2.5f, .5f}, data.edges().weights().toArray(ValueLayout.JAVA_FLOAT));
      assertArrayEquals(
          new long[] {-1, -2, 0}, data.edges().times().toArray(ValueLayout.JAVA_LONG));
      List<Float> row = IntStream.range(0, 6).mapToObj(i -> data.features().get(1, i)).toList();
      assertEquals(List.of(.1f, -1e-3f, 1f, (float) 0xffffffffL, -1.5f, 123.45f), row);
      assertEquals(1, data.labels().get(1));
      assertEquals(NodeLabels.UNLABELLED, data.labels().get(2));
      assertArrayEquals(new int[] {1}, data.nodes(Split.TEST));
      assertEquals("-5", data.dictionary().orElseThrow().name(2));
    }
  }

  /** Lists come after the other columns, so that the numbers of those do not depend on lists. */
  @Test
  void readsListsOfNumbersAsFeatures() throws IOException {
    Path nodes =
        file(
            "optional group v (LIST) {repeated group list {optional double element;}}"
                + " required int64 id; repeated float r;"
                + " required group w (LIST) {repeated group list {required int32 element;}}"
                + " optional group names (LIST) {repeated group list {optional binary element;}}"
                + " optional group m (MAP) {repeated group key_value {required int32 key;"
                + " optional int32 value;}} required int32 y;",
            3,
            (row, group) -> {
              group.add("id", (long) row);
              group.append("r", row + .5f).append("r", 2f);
              group.addGroup("w").addGroup("list").add("element", row);
              group.add("y", row % 2);
              if (row < 2) {
                Group v = group.addGroup("v");
                v.addGroup("list").add("element", 1.5);
                Group second = v.addGroup("list");
                if (row == 0) {
                  second.add("element", -2.0);
                }
              }
            });
    assertEquals(
        """
        "id","y","v","r","w"
        0,0,"[1.5 -2.0 ]","[0.5 2.0 ]","[0 ]"
        1,1,"[1.5 nan ]","[1.5 2.0 ]","[1 ]"
        2,0,"","[2.5 2.0 ]","[2 ]"
        """,
        text(nodes));
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("1"), List.of("r", "w", "v"), Optional.of("2"), Optional.empty());
    Path edges = Files.writeString(folder.resolve("e.csv"), "0,1\n1,2\n");
    EdgeListImporter.importFiles(
        List.of(edges),
        EdgeListOptions.defaults().withNodes(table),
        folder.resolve("lists"),
        ImportOptions.defaults().withMissing(MissingValues.ZERO),
        Progress.NONE);
    try (GraphDataset data = GraphDataset.open(folder.resolve("lists"))) {
      assertArrayEquals(
          new float[] {.5f, 2, 0, 1.5f, -2, 1.5f, 2, 1, 1.5f, 0, 2.5f, 2, 2, 0, 0},
          data.features().rows().toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  /** Two of them would be the same text. */
  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    byte[][] names = {{'a'}, {(byte) 0xff}, {(byte) 0xfe}};
    Path bytes =
        file(
            "required binary s; required int32 d;",
            3,
            (row, group) -> {
              group.add("s", Binary.fromConstantByteArray(names[row]));
              group.add("d", row);
            });
    Expect.badInput(
        () -> imported("x", bytes, EdgeListOptions.defaults()),
        "text is not UTF-8",
        "t.parquet, row=1");
    Path replacement =
        file(
            "required binary s (STRING); required binary d (STRING);",
            1,
            (_, group) -> group.append("s", "\uFFFD").append("d", "ž"));
    assertEquals(1, imported("y", replacement, EdgeListOptions.defaults()).numEdges());
  }

  @Test
  void namesTheRowOfWhatCannotBeRead() throws IOException {
    Path lines =
        file(
            "required binary s (STRING); required binary d (STRING);",
            3,
            (row, group) -> group.append("s", "a").append("d", row == 2 ? "b\nc" : "b"));
    Expect.badInput(
        () -> imported("x", lines, EdgeListOptions.defaults()),
        "text has a line break",
        "t.parquet, row=2");
    Path nulls =
        file(
            "required int32 s; optional int32 d;",
            2,
            (row, group) -> {
              group.add("s", row);
              if (row == 0) {
                group.add("d", 1);
              }
            });
    Expect.badInput(
        () -> imported("x", nulls, EdgeListOptions.defaults()), "not an integer", "line=3, value=");
    Path brotli =
        ParquetFiles.write(
            folder.resolve("b.parquet"), CompressionCodecName.BROTLI, EDGES, 9, payments(1));
    Expect.badInput(
        () -> imported("x", brotli, EdgeListOptions.defaults()),
        "cannot read parquet file",
        "b.parquet, cause=codec is BROTLI");
    Path lists = file("repeated binary s (STRING);", 1, (_, group) -> group.add("s", "x"));
    Expect.badInput(
        () -> imported("x", lists, EdgeListOptions.defaults()),
        "no column of numbers or text",
        "t.parquet");
    Path none = Files.writeString(folder.resolve("none.parquet"), "src,dst\n0,1\n");
    Expect.badInput(
        () -> imported("x", none, EdgeListOptions.defaults()),
        "not a parquet file",
        "none.parquet");
    Expect.badInput(
        () -> imported("x", folder.resolve("y.parquet"), EdgeListOptions.defaults()),
        "missing file",
        "y.parquet");
    Expect.badInput(
        () ->
            imported(
                "x",
                Files.createDirectory(folder.resolve("d.parquet")),
                EdgeListOptions.defaults()),
        "need a file, not a directory");
  }

  /** In a class loader that has this module and its libraries, but not that one. */
  @Test
  void saysWhatIsMissingAndHowToConvertWithoutTheLibrary() throws Exception {
    Path parquet = file(EDGES, 1, payments(1));
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("parquet")) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader without = new URLClassLoader(classPath.toArray(URL[]::new), platform)) {
      Class<?> packed = without.loadClass(TextFile.class.getName());
      Method open = packed.getDeclaredMethod("open", Path.class);
      open.setAccessible(true);
      Throwable thrown =
          assertThrows(InvocationTargetException.class, () -> open.invoke(null, parquet))
              .getCause();
      assertEquals(BadInputException.class.getName(), thrown.getClass().getName());
      assertTrue(thrown.getMessage().contains("parquet-floor"), thrown.getMessage());
      assertTrue(thrown.getMessage().contains("duckdb -c"), thrown.getMessage());
      assertTrue(thrown.getMessage().endsWith("file=" + parquet), thrown.getMessage());
    }
  }

  /** A damaged file is refused in one line, or it is damaged where nothing is read. */
  @Test
  void neverFailsOtherwiseOnDamagedFiles() throws IOException {
    byte[] whole = Files.readAllBytes(file(EDGES, 600, payments(3)));
    int refused = 0;
    for (int mutant = 0; mutant < 200; mutant++) {
      Random random = new Random(mutant);
      byte[] bytes =
          mutant % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      if (mutant % 4 > 0) {
        int from = mutant % 2 == 0 ? whole.length * 3 / 4 : 0;
        bytes[from + random.nextInt(whole.length - from)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = Files.write(folder.resolve("m.parquet"), bytes);
      try {
        text(file);
      } catch (BadInputException e) {
        refused++;
        assertTrue(e.getMessage().lines().count() == 1, "mutant " + mutant + ": " + e);
        assertTrue(e.getMessage().contains("file=" + file), "mutant " + mutant + ": " + e);
      }
    }
    assertTrue(refused > 50, "refused " + refused);
  }

  @Test
  void keepsATextColumnTextWhereItLooksLikeNumbers() throws IOException {
    Path edges =
        file(
            "required binary src (STRING); required binary dst (STRING);",
            2,
            (row, group) -> group.append("src", "1" + row).append("dst", "7"));
    DatasetDescription made = imported("out", edges, EdgeListOptions.defaults());
    assertEquals(3, made.numNodes());
    assertEquals("string, the first line has text", made.findings().orElseThrow().ids());
  }
}
