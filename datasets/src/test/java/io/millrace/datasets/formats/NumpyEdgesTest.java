package io.millrace.datasets.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.NumpyFiles;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeSource;
import io.millrace.datasets.csr.TestBlock;
import io.millrace.datasets.npy.NumpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumpyEdgesTest {
  @TempDir Path folder;

  private NumpyEdges open(boolean fortran, String shape, double... ids) throws IOException {
    byte[] npy = NumpyFiles.npy("<i8", fortran, shape, ids);
    Path file = Files.write(folder.resolve("a.npy"), npy);
    return NumpyEdges.open(NumpyReader.open(file), 6, folder.resolve("scratch"), Progress.NONE);
  }

  /** Sources 0 1 2 3 4, destination 5: stored as pairs, or as all sources and then the rest. */
  @ParameterizedTest
  @CsvSource({"false, '5, 2'", "true, '2, 5'", "false, '2, 5'", "true, '5, 2'"})
  void numbersBlocksByPositionAndEndsOnce(boolean fortran, String shape) throws IOException {
    boolean pairs = fortran == shape.startsWith("2");
    double[] ids =
        pairs
            ? new double[] {0, 5, 1, 5, 2, 5, 3, 5, 4, 5}
            : new double[] {0, 1, 2, 3, 4, 5, 5, 5, 5, 5};
    try (NumpyEdges edges = open(fortran, shape, ids);
        TestBlock block = new TestBlock(2)) {
      assertEquals(5, edges.numEdges());
      assertEquals(0, block.fillFrom(edges));
      assertArrayEquals(new long[] {EdgeList.pack(0, 5), EdgeList.pack(1, 5)}, block.edges());
      assertEquals(2, block.fillFrom(edges));
      assertArrayEquals(new long[] {EdgeList.pack(2, 5), EdgeList.pack(3, 5)}, block.edges());
      assertEquals(4, block.fillFrom(edges));
      assertArrayEquals(new long[] {EdgeList.pack(4, 5)}, block.edges());
      assertEquals(EdgeSource.END, block.fillFrom(edges));
      assertEquals(EdgeSource.END, block.fillFrom(edges));
    }
  }

  @Test
  void readsNothingAfterAnError() throws IOException {
    try (NumpyEdges edges = open(false, "4, 2", 0, 5, 1, 5, 2, 6, 3, 5);
        TestBlock block = new TestBlock(2)) {
      assertEquals(0, block.fillFrom(edges));
      Expect.badInput(
          () -> block.fillFrom(edges), "edge id out of range", "element=5, id=6, numNodes=6");
      assertEquals(EdgeSource.END, block.fillFrom(edges));
    }
  }
}
