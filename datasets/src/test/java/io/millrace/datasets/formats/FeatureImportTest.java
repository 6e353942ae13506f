package io.millrace.datasets.formats;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.RoundingError;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.features.RandomProjection;
import io.millrace.datasets.formats.features.Reduction;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Features from a file of their own, dense or sparse; reduced; rounded. */
class FeatureImportTest {
  private static final float[] DENSE = {0, 1.5f, 0, -2, 0, 0, 0, 0, 7, 0, 0.25f, 3};

  @TempDir Path folder;
  private Path edges;
  private Path out;

  /** Three nodes; three rows of four columns. */
  @BeforeEach
  void writeEdges() throws IOException {
    edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n1,2\n");
    out = folder.resolve("out");
  }

  private DatasetDescription run(ImportOptions options) {
    return EdgeListImporter.importFiles(
        List.of(edges), EdgeListOptions.defaults(), out, options, Progress.NONE);
  }

  private static ImportOptions from(Path file) {
    return ImportOptions.defaults().withFeatureFile(file);
  }

  private float[] features() {
    try (GraphDataset dataset = GraphDataset.open(out)) {
      return dataset.features().rows().toArray(JAVA_FLOAT);
    }
  }

  private static double[] doubles(float... values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private Path dense(float... values) throws IOException {
    byte[] npy = NumpyFiles.npy("<f4", false, "3, " + values.length / 3, doubles(values));
    return Files.write(folder.resolve("x.npy"), npy);
  }

  /** The members of {@link #DENSE} as scipy writes it; the 7 is the sum of two. */
  private static Map<String, byte[]> sparse() throws IOException {
    Map<String, byte[]> members = new HashMap<>();
    members.put("format", text("csr"));
    members.put("shape", NumpyFiles.npy("<i8", false, "2,", 3, 4));
    members.put("indptr", NumpyFiles.npy("<i4", false, "4,", 0, 2, 2, 6));
    members.put("indices", NumpyFiles.npy("<i4", false, "6,", 3, 1, 0, 3, 2, 0));
    members.put("data", NumpyFiles.npy("<f8", false, "6,", -2, 1.5, 4, 3, 0.25, 3));
    return members;
  }

  private static byte[] text(String value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(NumpyFiles.npy("|S" + value.length(), false, ""));
    bytes.write(value.getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  private void rejectsSparse(String member, byte[] replacement, String... parts)
      throws IOException {
    Map<String, byte[]> members = sparse();
    members.put(member, replacement);
    Path file = NumpyFiles.npz(folder.resolve("bad.npz"), members);
    Expect.badInput(() -> run(from(file)), parts);
    assertFalse(Files.exists(out));
  }

  @Test
  void takesAnArray() throws IOException {
    assertEquals(Optional.empty(), run(from(dense(DENSE))).features().get().rounding());
    assertArrayEquals(DENSE, features());
  }

  @Test
  void takesAnArrayInsteadOfTheSourcesFeatures() throws IOException {
    Path nodes = Files.writeString(folder.resolve("n.csv"), "id,f\n0,9\n1,9\n2,9\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    EdgeListOptions options = EdgeListOptions.defaults().withNodes(table);
    EdgeListImporter.importFiles(List.of(edges), options, out, from(dense(DENSE)), Progress.NONE);
    assertArrayEquals(DENSE, features());
  }

  @Test
  void makesASparseMatrixDense() throws IOException {
    run(from(NumpyFiles.npz(folder.resolve("x.npz"), sparse())));
    assertArrayEquals(DENSE, features());
    DatasetInspector.inspect(out, Progress.NONE);
  }

  @Test
  void standardisesASparseMatrixAsADenseOne() throws IOException {
    Path file = NumpyFiles.npz(folder.resolve("x.npz"), sparse());
    run(from(file).withNormalization(Normalization.COLUMN));
    float[] ofSparse = features();
    out = folder.resolve("other");
    run(from(dense(DENSE)).withNormalization(Normalization.COLUMN));
    assertArrayEquals(features(), ofSparse);
  }

  @Test
  void refusesAFileOfOtherNodes() throws IOException {
    Path file = dense(DENSE);
    Files.writeString(edges, "0,1\n1,3\n");
    Expect.badInput(() -> run(from(file)), "wrong shape", "x.npy", "[3, 4]", "[4, number");
    Expect.badInput(() -> run(from(folder.resolve("no.npy"))), "missing file", "no.npy");
    Expect.badInput(() -> run(from(folder.resolve("no.npz"))), "missing file", "no.npz");
  }

  @Test
  void refusesASparseMatrixThatIsNotOne() throws IOException {
    rejectsSparse("format", text("csc"), "must be in CSR form", "bad.npz", "format=csc");
    rejectsSparse(
        "shape", NumpyFiles.npy("<i8", false, "2,", 4, 4), "wrong shape", "[4, 4]", "needRows=3");
    rejectsSparse(
        "shape", NumpyFiles.npy("<i8", false, "2,", 3, 1L << 40), "wrong shape", "maxColumns");
    rejectsSparse("shape", NumpyFiles.npy("<i8", false, "1,", 3), "wrong shape", "need=[2]");
    rejectsSparse("indptr", NumpyFiles.npy("<i4", false, "3,", 0, 2, 6), "wrong shape", "[4]");
    rejectsSparse("indptr", NumpyFiles.npy("<i4", false, "4,", 1, 2, 2, 6), "must begin at 0");
    rejectsSparse(
        "indptr", NumpyFiles.npy("<i4", false, "4,", 0, 2, 1, 6), "row bound", "row=1", "bound=1");
    rejectsSparse(
        "indptr", NumpyFiles.npy("<i4", false, "4,", 0, 2, 2, 7), "row bound", "row=2", "bound=7");
    rejectsSparse(
        "indptr", NumpyFiles.npy("<i4", false, "4,", 0, 2, 2, 5), "after the last row", "values=1");
    rejectsSparse(
        "indices",
        NumpyFiles.npy("<i4", false, "6,", 3, 1, 0, 4, 2, 0),
        "column out of range",
        "row=2",
        "column=4, columns=4");
    rejectsSparse(
        "data",
        NumpyFiles.npy("<f8", false, "6,", -2, 1.5, 4, Double.NaN, 0.25, 3),
        "feature is not finite",
        "row=2",
        "column=4");
    rejectsSparse(
        "data", NumpyFiles.npy("<f8", false, "1,", 1), "as many indices as values", "indices=6");
    rejectsSparse("indices", NumpyFiles.npy("<f8", false, "1,", 1), "must hold integers");
  }

  /** Ids, the kind that is given, and the row of the file that each node has. */
  @ParameterizedTest
  @CsvSource({
    "2 0 1,AUTO,2 0 1", "1 0 2,AUTO,1 0 2", "2 1 0,LONG,2 1 0", "2 0 1,STRING,2 0 1",
    "0 1 2,LONG,0 1 2", "0 1 2,AUTO,0 1 2", "30 10 20,AUTO,0 1 2", "b a c,AUTO,0 1 2",
    "3 1 2,AUTO,0 1 2", "02 0 1,STRING,0 1 2"
  })
  void givesNodesTheRowOfTheirId(String ids, NodeIdKind kind, String rows) throws IOException {
    Files.writeString(edges, ids.replaceFirst(" ", ",").replaceFirst(" .*", "") + "\n");
    Path nodes =
        Files.writeString(folder.resolve("n.csv"), "id,y\n" + ids.replace(" ", ",1\n") + ",1\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of(), Optional.of("y"), Optional.empty());
    EdgeListOptions options = EdgeListOptions.defaults().withNodes(table).withIds(kind);
    EdgeListImporter.importFiles(
        List.of(edges), options, out, from(dense(0, 10, 20)), Progress.NONE);
    String[] row = rows.split(" ");
    float[] found = features();
    for (int node = 0; node < 3; node++) {
      assertEquals(10 * Float.parseFloat(row[node]), found[node], "node " + node);
    }
  }

  @ParameterizedTest
  @CsvSource({"2000000002 2000000000,AUTO", "b a,AUTO", "1 0,LONG", "1 0,STRING", "-1 5,AUTO"})
  void refusesAFeatureFileForNodesInNoOrder(String edge, NodeIdKind kind) throws IOException {
    Files.writeString(edges, edge.replace(' ', ',') + "\n");
    Path file = dense(0, 10, 20);
    EdgeListOptions options = EdgeListOptions.defaults().withIds(kind);
    Expect.badInput(
        () -> EdgeListImporter.importFiles(List.of(edges), options, out, from(file), Progress.NONE),
        "feature file needs a node table",
        "x.npy");
    assertFalse(Files.exists(out));
  }

  @Test
  void namesTheRowInTheFileWhereNodesHaveAnotherOrder() throws IOException {
    Path nodes = Files.writeString(folder.resolve("n.csv"), "id,y\n2,1\n0,1\n1,1\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of(), Optional.of("y"), Optional.empty());
    EdgeListOptions options = EdgeListOptions.defaults().withNodes(table);
    Path file = dense(0, Float.NaN, 20);
    Expect.badInput(
        () -> EdgeListImporter.importFiles(List.of(edges), options, out, from(file), Progress.NONE),
        "feature is not finite",
        "x.npy, row=1, column=1");
  }

  /** Seconds since 1970 differ in digits that float32 does not have. */
  @ParameterizedTest
  @CsvSource({"<f8,false", "<i8,false", "<f8,true", "<i8,true", "<u8,true", "<i4,true", ">f8,true"})
  void standardisesInFloat64(String dtype, boolean fortran) throws IOException {
    double[] values = {1_700_000_000, 1_700_000_001, 1_700_000_002, 5, 6, 7};
    double[] rows = {values[0], 5, values[1], 6, values[2], 7};
    byte[] npy = NumpyFiles.npy(dtype, fortran, "3, 2", fortran ? values : rows);
    Path file = Files.write(folder.resolve("t.npy"), npy);
    run(from(file).withNormalization(Normalization.COLUMN));
    float one = (float) (1 / Math.sqrt(2 / 3.0));
    assertArrayEquals(new float[] {-one, -one, 0, 0, one, one}, features());
    out = folder.resolve("row");
    run(from(file).withNormalization(Normalization.ROW));
    assertEquals((float) (5 / 1_700_000_005.0), features()[1]);
  }

  @ParameterizedTest
  @EnumSource(MissingValues.class)
  void fillsWhatIsMissingInAnArray(MissingValues missing) throws IOException {
    Path file = dense(1, Float.NaN, 3, 4, 8, 5);
    if (missing == MissingValues.ERROR) {
      Expect.badInput(() -> run(from(file)), "feature is not finite; --missing", "row=0, column=2");
    } else {
      run(from(file).withMissing(missing));
      float filled = missing == MissingValues.MEAN ? 4.5f : 0;
      assertArrayEquals(new float[] {1, filled, 3, 4, 8, 5}, features());
    }
  }

  @Test
  void reportsWhatFloat16Lost() throws IOException {
    Path file = dense(1, 0.5f, 0.1f, 1000.25f, 0, 3e-9f);
    DatasetDescription made = run(from(file).withFeatureType(FeatureType.FLOAT16));
    RoundingError rounding = made.features().get().rounding().get();
    assertEquals(0.25, rounding.maxAbsolute(), "1000.25 becomes 1000");
    assertEquals(1, rounding.maxRelative(), "3e-9 becomes 0");
    try (GraphDataset dataset = GraphDataset.open(out)) {
      assertEquals(made.features(), dataset.description().features(), "dataset.yaml says it, too");
    }

    out = folder.resolve("tenth");
    made = run(from(dense(1, 0.5f, 0.1f)).withFeatureType(FeatureType.FLOAT16));
    double error = Math.abs(0.1f - 1638 / 16384.0); // of 11 bits, scaled by 2^14
    assertEquals(new RoundingError(error, error / 0.1f), made.features().get().rounding().get());
  }

  @Test
  void refusesWhatFloat16CannotHoldByRowAndColumn() throws IOException {
    Path file = dense(1, 2, 3, 70_000, 5, 6);
    Expect.badInput(
        () -> run(from(file).withFeatureType(FeatureType.FLOAT16)),
        "feature does not fit float16",
        "x.npy, row=1, column=2, value=70000.0");
  }

  @Test
  void reducesToFewerColumns() throws IOException {
    Path file = NumpyFiles.npz(folder.resolve("x.npz"), sparse());
    DatasetDescription made = run(from(file).withReduction(new Reduction(2, 7)));
    assertEquals(2, made.features().get().dim());
    float[] expected = new float[6];
    RandomProjection projection = new RandomProjection(2, 7);
    for (int node = 0; node < 3; node++) {
      float[] row = Arrays.copyOfRange(DENSE, node * 4, node * 4 + 4);
      float[] reduced = new float[2];
      projection.apply(row, reduced);
      System.arraycopy(reduced, 0, expected, node * 2, 2);
    }
    assertArrayEquals(expected, features());
  }

  /** Sums of large values; FLOAT16 refuses what is finite, too. */
  @Test
  void refusesReducedValuesBeyondFloat32() throws IOException {
    float[] values = new float[300];
    Arrays.fill(values, 100, 200, Float.MAX_VALUE);
    Path file = dense(values);
    for (FeatureType type : FeatureType.values()) {
      Expect.badInput(
          () -> run(from(file).withReduction(new Reduction(1, 0)).withFeatureType(type)),
          "reduced feature is not finite: file=" + file + ", row=1, column=1, value=",
          "Infinity");
      assertFalse(Files.exists(out));
    }
  }

  @Test
  void refusesToReduceToMoreColumnsThanThereAre() throws IOException {
    Path file = dense(DENSE);
    Expect.badInput(
        () -> run(from(file).withReduction(new Reduction(5, 0))),
        "too few columns to reduce",
        "columns=4, reduceTo=5");
    ImportOptions noFeatures = ImportOptions.defaults().withReduction(new Reduction(5, 0));
    Expect.badInput(() -> run(noFeatures), "there are no features to reduce: source=edges");
    Expect.badInput(() -> new Reduction(0, 0), "at least one column", "dim=0");
  }

  @Test
  void readsOneDenseArrayOfAnArchive() throws IOException {
    byte[] rows = NumpyFiles.npy("<f8", false, "3, 2", 1, 2, 3, 4, 5, 6);
    run(from(NumpyFiles.npz(folder.resolve("x.npz"), Map.of("x", rows))));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, features());
  }

  @Test
  void readsADenseArrayOfAnArchiveInFortranOrderAndOfOneColumn() throws IOException {
    byte[] columns = NumpyFiles.npy(">i4", true, "3, 2", 1, 3, 5, 2, 4, 6);
    run(from(NumpyFiles.npz(folder.resolve("x.npz"), Map.of("any name", columns))));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, features());
    out = folder.resolve("column");
    byte[] column = NumpyFiles.npy("<f2", false, "3,", 1, 2, 3);
    run(from(NumpyFiles.npz(folder.resolve("y.npz"), Map.of("arr_0", column))));
    assertArrayEquals(new float[] {1, 2, 3}, features());
  }

  @Test
  void refusesArchivesThatAreNotTheRowsOfTheNodes() throws IOException {
    byte[] rows = NumpyFiles.npy("<f8", false, "3, 1", 1, 2, 3);
    byte[] few = NumpyFiles.npy("<f8", false, "2, 1", 1, 2);
    byte[] cut = NumpyFiles.npy("<f8", false, "3, 1", 1, 2);
    rejectsArchive(Map.of("x", rows, "y", rows), "must hold one array", "available=[");
    rejectsArchive(Map.of(), "must hold one array", "available=[]");
    rejectsArchive(Map.of("x", few), "wrong shape", "shape=[2, 1]");
    rejectsArchive(Map.of("x", cut), "truncated", "member=x");
    rejectsArchive(Map.of("x", text("abc")), "must hold numbers");
  }

  private void rejectsArchive(Map<String, byte[]> members, String... parts) throws IOException {
    Path file = NumpyFiles.npz(folder.resolve("bad.npz"), members);
    Expect.badInput(() -> run(from(file)), parts);
    assertFalse(Files.exists(out));
  }
}
