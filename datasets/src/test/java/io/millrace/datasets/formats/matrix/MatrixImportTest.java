package io.millrace.datasets.formats.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs in Matrix Market files, numpy arrays and scipy's sparse matrices. */
class MatrixImportTest {
  private static final String GENERAL = "%%MatrixMarket matrix coordinate real general\n";
  private static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  private int numOuts;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private GraphDataset run(EdgeListOptions options, Path... files) {
    Path out = folder.resolve("out" + numOuts++);
    EdgeListImporter.importFiles(
        List.of(files), options, out, ImportOptions.defaults(), Progress.NONE);
    DatasetInspector.inspect(out, Progress.NONE);
    return GraphDataset.open(out);
  }

  /** Checks rows and weights: row v holds the sources of the edges to v, in ascending order. */
  private void assertGraph(long[] indptr, int[] indices, float[] weights, Path file) {
    try (GraphDataset dataset = run(DEFAULTS, file)) {
      assertArrayEquals(indptr, dataset.graph().indptr().toArray(ValueLayout.JAVA_LONG));
      assertArrayEquals(indices, dataset.graph().indices().toArray(ValueLayout.JAVA_INT));
      EdgeAttributes edges = dataset.edges();
      assertEquals(weights.length > 0, edges.columns().weights());
      for (int i = 0; i < weights.length; i++) {
        assertEquals(weights[i], edges.weight(i));
      }
    }
  }

  private void rejects(Path file, String... parts) {
    List<String> before = List.of(folder.toFile().list());
    Expect.badInput(() -> run(DEFAULTS, file), parts);
    assertEquals(before, List.of(folder.toFile().list()));
  }

  /** 1->2 (0.5), 2->3 (0.25), 3->1 (1), counted from 1. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3 3 3\n1 2 .5\n2 3 .25\n3 1 1\n",
        "% comment\n%\n\n  3   3\t3 \n% more\n3 1 1\n\n1 2 .5\n2 3 0.25",
        "3 3 3\r\n1 2 5e-1\r\n 2 3 .25 \r\n3 1 1.0\r\n\r\n"
      })
  void readsAGeneralMatrixOfRealNumbers(String text) throws IOException {
    long[] indptr = {0, 1, 2, 3};
    int[] indices = {2, 0, 1};
    float[] weights = {1, .5f, .25f};
    assertGraph(indptr, indices, weights, file("a.mtx", GENERAL + text));
    Path packed = folder.resolve("b.mtx.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write((GENERAL + text).getBytes(StandardCharsets.UTF_8));
    }
    assertGraph(indptr, indices, weights, packed);
    assertGraph(indptr, indices, weights, file("known-by-its-banner.txt", GENERAL + text));
  }

  /** The lower triangle 2-1 (3), 3-2 (4) and 2-2 (7): both directions, the diagonal once. */
  @Test
  void readsBothDirectionsOfASymmetricMatrixAndItsDiagonalOnce() throws IOException {
    String text =
        "%%MATRIXMARKET Matrix Coordinate Integer Symmetric\n3 3 3\n2 1 3\n3 2 4\n2 2 7\n";
    assertGraph(
        new long[] {0, 1, 4, 5},
        new int[] {1, 0, 1, 2, 1},
        new float[] {3, 3, 7, 4, 4},
        file("a.mtx", text));
  }

  @Test
  void readsAPatternWithoutWeightsAndNodesWithoutEdges() throws IOException {
    String text = "%%MatrixMarket matrix coordinate pattern general\n5 5 2\n4 1\n1 1\n";
    assertGraph(new long[] {0, 2, 2, 2, 2, 2}, new int[] {0, 3}, new float[0], file("a.mtx", text));
  }

  /** More edges than a block of the import holds, so that a mirrored edge begins a block. */
  @Test
  @Tag("exhaustive")
  void readsASymmetricMatrixOfManyBlocks() throws IOException {
    int numNodes = 600_001;
    StringBuilder text = new StringBuilder("%%MatrixMarket matrix coordinate pattern symmetric\n");
    text.append(numNodes + " " + numNodes + " " + (numNodes - 1) + "\n");
    for (int i = 2; i <= numNodes; i++) {
      text.append(i).append(" 1\n"); // a star
    }
    try (GraphDataset dataset = run(DEFAULTS, file("a.mtx", text.toString()))) {
      assertEquals(2L * (numNodes - 1), dataset.graph().numEdges());
      assertEquals(numNodes - 1, dataset.graph().degree(0));
      assertEquals(1, dataset.graph().degree(numNodes - 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "matrix coordinate complex general, field=complex",
    "matrix coordinate real skew-symmetric, symmetry=skew-symmetric",
    "matrix coordinate complex hermitian, field=complex",
    "matrix coordinate real hermitian, symmetry=hermitian",
    "matrix array real general, format=array",
    "vector coordinate real general, object=vector"
  })
  void refusesOtherMatricesByName(String banner, String part) throws IOException {
    rejects(file("a.mtx", "%%MatrixMarket " + banner + "\n3 3 1\n1 2 1\n"), part);
  }

  @ParameterizedTest
  @CsvSource({
    "'3 3 2|1 2 1|', too few entries: entries=1 need=2",
    "'3 3 1|1 2 1|2 3 1|', too many entries: line=4 need=1",
    "'3 3 1|0 2 1|', row out of range: line=3 number=0",
    "'3 3 1|1 4 1|', column out of range: line=3 number=4",
    "'3 3 1|1 2|', wrong number of columns: line=3 columns=2",
    "'3 3 1|1 2 x|', not a number: line=3",
    "'3 3 1|1 2 nan|', weight is not finite: line=3",
    "'3 3 1|1.0 2 1|', not an integer: line=3",
    "'3 4 1|1 2 1|', matrix of a graph is square: line=2 columns=4",
    "'3 3|1 2 1|', need: rows columns entries: line=2",
    "'3 3 0|', no edges",
    "'2147483646 2147483646 1|1 2 1|', far more nodes than edges",
    "'', file ends before the size",
    "'%|', file ends before the size"
  })
  void refusesDamagedEntries(String text, String message) throws IOException {
    int colon = message.lastIndexOf(": ");
    String rule = colon < 0 ? message : message.substring(0, colon);
    String[] values = colon < 0 ? new String[0] : message.substring(colon + 2).split(" ");
    Path file = file("a.mtx", GENERAL + text.replace('|', '\n'));
    rejects(file, rule);
    rejects(file, values);
  }

  @Test
  void refusesAMatrixWithoutBanner() throws IOException {
    rejects(file("a.mtx", "3 3 1\n1 2 1\n"), "a Matrix Market file begins with", "a.mtx");
    rejects(file("b.mtx", ""), "a Matrix Market file begins with");
  }

  @Test
  void refusesOptionsThatConcernColumns() throws IOException {
    Path file = file("a.mtx", GENERAL + "3 3 1\n1 2 1\n");
    for (EdgeListOptions options :
        List.of(DEFAULTS.withWeightColumn("3"), DEFAULTS.withTimeColumn("3"))) {
      Expect.badInput(() -> run(options, file), "has no columns", "a.mtx");
    }
    Expect.badInput(() -> run(DEFAULTS, file, file), "one matrix or one array", "files=2");
  }

  @Test
  void takesLabelsFromANodeTableWithARowForEachRow() throws IOException {
    Path file = file("a.mtx", GENERAL + "3 3 1\n1 3 1\n");
    try (GraphDataset dataset = run(with("id,y\n0,1\n1,0\n2,1\n"), file)) {
      assertEquals(3, dataset.graph().numNodes());
      assertEquals(1, dataset.labels().get(2));
    }
    Path array = npy("<i8", false, "2, 1", 0, 2);
    try (GraphDataset dataset = run(with("id,y\n0,1\n1,0\n2,1\n3,0\n"), array)) {
      assertEquals(4, dataset.graph().numNodes()); // node 3 has no edges
    }
    String same = "node table and matrix must have the same number of rows";
    Expect.badInput(() -> run(with("id,y\n0,1\n1,0\n"), file), same, "rows=3", "nodes=2");
    Expect.badInput(() -> run(with("id,y\n0,1\n1,0\n2,1\n3,1\n"), file), same, "nodes=4");
    Expect.badInput(() -> run(with("id,y\n0,1\n2,0\n1,1\n"), file), "ids are not dense");
    Expect.badInput(() -> run(with("id,y\n0,1\n1,0\n"), array), "out of range", "id=2");
  }

  private EdgeListOptions with(String nodes) throws IOException {
    Path table = file("nodes.csv", nodes);
    return DEFAULTS.withNodes(
        new NodeTableOptions(
            table, Optional.of("id"), List.of(), Optional.of("y"), Optional.empty()));
  }

  private Path npy(String dtype, boolean fortran, String shape, double... values)
      throws IOException {
    return Files.write(
        folder.resolve("e" + numOuts + ".npy"), NumpyFiles.npy(dtype, fortran, shape, values));
  }

  /** 0->1, 1->2, 2->0 in every order. */
  @Test
  void readsEdgesFromNumpyArrays() throws IOException {
    long[] indptr = {0, 1, 2, 3};
    int[] indices = {2, 0, 1};
    assertGraph(indptr, indices, new float[0], npy("<i8", false, "2, 3", 0, 1, 2, 1, 2, 0));
    assertGraph(indptr, indices, new float[0], npy("<i4", false, "3, 2", 0, 1, 1, 2, 2, 0));
    assertGraph(indptr, indices, new float[0], npy(">u2", true, "2, 3", 0, 1, 1, 2, 2, 0));
    assertGraph(indptr, indices, new float[0], npy("|u1", true, "3, 2", 0, 1, 2, 1, 2, 0));
    byte[] array = NumpyFiles.npy("<i8", false, "2, 3", 0, 1, 2, 1, 2, 0);
    Path npz = NumpyFiles.npz(folder.resolve("a.npz"), Map.of("edge_index", array));
    assertGraph(indptr, indices, new float[0], npz);
  }

  @Test
  void namesTheMembersOfAnArchiveThatAreNotRead() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("edge_index", NumpyFiles.npy("<i8", false, "2, 1", 0, 1));
    members.put("x", NumpyFiles.npy("<f4", false, "2, 1", 5, 6));
    Path file = NumpyFiles.npz(folder.resolve("a.npz"), members);
    assertTrue(
        EdgeListImporter.findings(List.of(file), DEFAULTS)
            .lines()
            .contains("a.npz: edges of shape [2, 1]; not read: x"));
    assertGraph(new long[] {0, 0, 1}, new int[] {0}, new float[0], file);
  }

  @Test
  void refusesArraysThatAreNoEdges() throws IOException {
    rejects(npy("<i8", false, "2, 2", 0, 1, 1, 2), "[2, 2]", "in rows or in columns");
    rejects(npy("<i8", false, "3, 3", 0, 1, 1, 2, 1, 1, 1, 1, 1), "shape=[3, 3]");
    rejects(npy("<i8", false, "4,", 0, 1, 1, 2), "shape=[4]");
    rejects(npy("<i8", false, "2, 0"), "no edges");
    rejects(npy("<f4", false, "2, 1", 0, 1), "must hold integers");
    rejects(npy("<i8", false, "2, 1", 0, -1), "edge id out of range", "id=-1");
    rejects(npy("<i8", false, "2, 1", 0, 2e9), "far more nodes than edges", "edges=1");
    rejects(npy("<i8", false, "2, 3", 0, 1, 2, 1, 2), "npy data is truncated");
    Path other =
        NumpyFiles.npz(folder.resolve("a.npz"), Map.of("x", NumpyFiles.npy("<i8", false, "1,", 1)));
    rejects(other, "must hold edge_index", "available=[x]");
  }

  private Path scipy(String format, String first, double[] outer, double[] inner, double[] data)
      throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    boolean coo = format.equals("coo");
    members.put(first, NumpyFiles.npy("<i4", false, outer.length + ",", outer));
    members.put(coo ? "col" : "indices", NumpyFiles.npy("<i4", false, inner.length + ",", inner));
    members.put("data", NumpyFiles.npy("<f8", false, data.length + ",", data));
    members.put("shape", NumpyFiles.npy("<i8", false, "2,", 3, 3));
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    name.write(NumpyFiles.npy("|S3", false, ""));
    name.write(format.getBytes(StandardCharsets.US_ASCII));
    members.put("format", name.toByteArray());
    return NumpyFiles.npz(folder.resolve(format + numOuts + ".npz"), members);
  }

  /** 0->1 (.5), 2->0 (2), 2->1 (4); row 1 is empty. */
  @Test
  void readsScipysSparseMatrices() throws IOException {
    long[] indptr = {0, 1, 3, 3};
    int[] indices = {2, 0, 2};
    float[] weights = {2, .5f, 4};
    assertGraph(
        indptr, indices, weights, scipy("csr", "indptr", d(0, 1, 1, 3), d(1, 0, 1), d(.5, 2, 4)));
    assertGraph(
        indptr, indices, weights, scipy("csc", "indptr", d(0, 1, 3, 3), d(2, 0, 2), d(2, .5, 4)));
    assertGraph(indptr, indices, weights, scipy("coo", "row", d(2, 0, 2), d(1, 1, 0), d(4, .5, 2)));
  }

  @Test
  void refusesDamagedSparseMatrices() throws IOException {
    rejects(scipy("csr", "indptr", d(0, 1, 1), d(1, 0), d(1, 2)), "need=[4]");
    rejects(scipy("csr", "indptr", d(0, 1, 1, 2), d(1, 3), d(1, 2)), "id=3", "numNodes=3");
    rejects(scipy("csr", "indptr", d(0, 1, 1, 1), d(1, 0), d(1, 2)), "values after the last row");
    rejects(scipy("csr", "indptr", d(0, 2, 1, 2), d(1, 0), d(1, 2)), "row bound out of range");
    rejects(scipy("csr", "indptr", d(0, 2, 2, 5), d(1, 0), d(1, 2)), "row bound out of range");
    rejects(scipy("csr", "indptr", d(1, 2, 2, 2), d(1, 0), d(1, 2)), "must begin at 0");
    rejects(scipy("csr", "indptr", d(0, 0, 0, 0), d(), d()), "no edges");
    rejects(scipy("coo", "row", d(1, 0), d(1), d(1, 2)), "need=[2]");
    rejects(scipy("coo", "row", d(1), d(1), d(Double.NaN)), "not finite");
    rejects(scipy("bsr", "indptr", d(0, 0, 0, 0), d(1), d(1)), "format=bsr", "tocsr");
  }

  private static double[] d(double... values) {
    return values;
  }
}
