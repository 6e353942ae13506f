package io.millrace.datasets.formats.pyg;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.Expect;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.TinyDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.HugePages;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PygExportTest {
  @TempDir Path folder;

  private static double[] values(NpzFile npz, String member, Long... shape) {
    try (NumpyReader in = npz.read(member)) {
      assertEquals(List.of(shape), in.shape(), member);
      double[] values = new double[(int) in.numElements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.next();
      }
      return values;
    }
  }

  /** As the header of the npy file says it, {@code 'descr': '<i8'}. */
  private static String dtype(Path file, String member) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(member + ".npy"))) {
      String header = new String(in.readNBytes(128), StandardCharsets.ISO_8859_1);
      return header.split("'descr': '")[1].split("'")[0];
    }
  }

  private static Set<String> members(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream()
          .map(entry -> entry.getName().replace(".npy", ""))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void writesWhatPygCallsItsData() throws IOException {
    Path file = folder.resolve("tiny.npz");
    try (GraphDataset tiny = TinyDataset.create()) {
      assertEquals(export(tiny, file), Files.size(file));
    }
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(
          Set.of("edge_index", "x", "y", "train_mask", "val_mask", "test_mask"), members(file));
      assertArrayEquals(
          new double[] {1, 2, 0, 2, 0, 1, 2, 3, 2, 0, 0, 1, 1, 2, 2, 2, 2, 3},
          values(npz, "edge_index", 2L, 9L));
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, -6, 0, 0, 9, 10}, values(npz, "x", 5L, 2L));
      assertArrayEquals(new double[] {0, 1, 1, -1, 0}, values(npz, "y", 5L));
      assertArrayEquals(new double[] {1, 0, 1, 0, 0}, values(npz, "train_mask", 5L));
      assertArrayEquals(new double[] {0, 1, 0, 0, 0}, values(npz, "val_mask", 5L));
      assertArrayEquals(new double[] {0, 0, 0, 0, 1}, values(npz, "test_mask", 5L));
    }
    assertEquals("<i8", dtype(file, "edge_index"));
    assertEquals("<f4", dtype(file, "x"));
    assertEquals("<i8", dtype(file, "y"));
    assertEquals("|b1", dtype(file, "val_mask"));
    assertEquals(List.of("tiny.npz"), List.of(folder.toFile().list()));
  }

  @Test
  void writesWhatEdgesCarryAndSeveralLabels() throws IOException {
    Path edges = Files.writeString(folder.resolve("e.csv"), "a,b,w,t\n0,1,0.5,70\n1,0,2.5,-3\n");
    EdgeListOptions options =
        EdgeListOptions.defaults()
            .withColumns("a", "b")
            .withWeightColumn("w")
            .withTimeColumn("t")
            .withEdgeIds(true);
    EdgeListImporter.importFiles(
        List.of(edges), options, folder.resolve("d"), ImportOptions.defaults(), Progress.NONE);
    Path file = folder.resolve("d.npz");
    try (GraphDataset dataset = GraphDataset.open(folder.resolve("d"))) {
      export(dataset, file);
    }
    try (NpzFile npz = NpzFile.open(file)) {
      assertEquals(Set.of("edge_index", "e_id", "edge_weight", "edge_time"), members(file));
      assertArrayEquals(new double[] {1, 0, 0, 1}, values(npz, "edge_index", 2L, 2L));
      assertArrayEquals(new double[] {1, 0}, values(npz, "e_id", 2L));
      assertArrayEquals(new double[] {2.5, 0.5}, values(npz, "edge_weight", 2L));
      assertArrayEquals(new double[] {-3, 70}, values(npz, "edge_time", 2L));
    }
  }

  @Test
  void writesSeveralLabelsANode() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 0, 0}, new int[0]);
    NodeLabels labels = NodeLabels.multiLabel(2, MemorySegment.ofArray(new byte[] {1, 0, -1, 1}));
    Path file = folder.resolve("m.npz");
    try (GraphDataset dataset = GraphDataset.builder("m", graph).labels(labels).build()) {
      export(dataset, file);
    }
    try (NpzFile npz = NpzFile.open(file)) {
      assertArrayEquals(new double[] {1, 0, -1, 1}, values(npz, "y", 2L, 2L));
      assertArrayEquals(new double[0], values(npz, "edge_index", 2L, 0L));
    }
  }

  @Test
  void makesTheSameBytesAndRefusesAFileThatExists() throws IOException {
    try (GraphDataset tiny = TinyDataset.create()) {
      export(tiny, folder.resolve("a.npz"));
      export(tiny, folder.resolve("b.npz"));
      Expect.badInput(
          () -> export(tiny, folder.resolve("a.npz")), "output exists already", "a.npz");
      Expect.badInput(() -> export(tiny, folder.resolve("a.npz/c.npz")), "cannot write", "a.npz");
    }
    assertEquals(-1, Files.mismatch(folder.resolve("a.npz"), folder.resolve("b.npz")));
  }

  @Test
  void deletesWhatAKilledOneLeftAndNothingElse() throws IOException {
    Path file = folder.resolve("new/tiny.npz");
    Path killed = Files.createDirectories(file.resolveSibling(".tiny.npz.partial-1"));
    Files.createFile(killed.resolve(".owner"));
    Files.createFile(killed.resolve("tiny.npz"));
    String own = ".tiny.npz.partial-" + ProcessHandle.current().pid();
    Files.createFile(file.resolveSibling(own)); // whoever has made it
    try (GraphDataset tiny = TinyDataset.create()) {
      export(tiny, file);
    }
    assertEquals(
        Set.of(own, "tiny.npz"), Set.of(file.getParent().toFile().list()), "left in the folder");
  }

  @Test
  void leavesNothingWhereWritingFails() {
    Progress failing =
        (_, _, _) -> {
          throw new IllegalStateException("as if killed");
        };
    try (GraphDataset tiny = TinyDataset.create()) {
      Path file = folder.resolve("a/b/tiny.npz");
      assertThrows(IllegalStateException.class, () -> PygExport.write(tiny, file, failing));
    }
    assertEquals(0, folder.toFile().list().length);
  }

  /** Above 4 GiB the sizes of a zip archive need more than 32 bits. */
  @Test
  @Tag("exhaustive")
  void writesArraysAboveFourGibibytes() throws IOException {
    int numNodes = (1 << 20) + 1;
    long bytes = numNodes * 1024L * Float.BYTES;
    Path file = folder.resolve("large.npz");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = HugePages.allocate(bytes, arena); // zeros, which take no memory
      rows.set(JAVA_FLOAT, bytes - Float.BYTES, 42);
      GraphDataset dataset =
          GraphDataset.builder("large", CsrGraph.of(new long[numNodes + 1], new int[0]))
              .features(FeatureMatrix.of(numNodes, 1024, FeatureType.FLOAT32, rows))
              .build();
      export(dataset, file);
    }
    assertTrue(Files.size(file) > 1L << 32);
    float[] row = new float[1024];
    try (NpzFile npz = NpzFile.open(file);
        NumpyReader x = npz.read("x")) {
      for (int node = 0; node < numNodes; node++) {
        x.next(row);
      }
    }
    assertEquals(42, row[1023]);
  }

  private static long export(GraphDataset dataset, Path file) {
    return PygExport.write(dataset, file, Progress.NONE);
  }
}
