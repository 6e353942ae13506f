package io.millrace.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.npy.NpyHeader;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.platform.FileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset of 8 GiB in a sparse file: edge positions beyond 2^31 are read right. */
class LargeFileTest {
  private static final long NUM_EDGES = (1L << 31) + 10;

  @TempDir Path folder;

  @Test
  void readsEdgesBeyondTwoToThe31() throws IOException {
    Path path = folder.resolve("large");
    CsrGraph small = CsrGraph.of(new long[] {0, 1, 1, 1}, new int[] {2});
    GraphDataset.builder("large", small).build().save(path);
    writeSparse(path.resolve("indptr.npy"), NpyType.INT64, 4, 8, 1L << 30);
    writeSparse(path.resolve("indptr.npy"), NpyType.INT64, 4, 16, (1L << 31) + 3);
    writeSparse(path.resolve("indptr.npy"), NpyType.INT64, 4, 24, NUM_EDGES);
    Path indices = path.resolve("indices.npy");
    Files.delete(indices);
    writeSparse(indices, NpyType.INT32, NUM_EDGES, ((1L << 31) + 3) * 4, 2L << 32 | 1);
    long header = NpyHeader.bytesFor(NpyType.INT32, NUM_EDGES).length;
    DatasetDescription old = DatasetReader.describe(path);
    java.util.Map<String, FileEntry> files = new java.util.TreeMap<>(old.files());
    files.put("indices.npy", new FileEntry(header + NUM_EDGES * 4, "not computed"));
    Files.writeString(
        path.resolve("dataset.yaml"),
        DescriptionYaml.write(
            new DatasetDescription(
                "large",
                3,
                NUM_EDGES,
                true,
                old.features(),
                old.numClasses(),
                old.classNames(),
                old.targets(),
                old.source(),
                old.licence(),
                old.findings(),
                files)));
    try (GraphDataset dataset = GraphDataset.open(path)) {
      CsrGraph graph = dataset.graph();
      assertEquals(NUM_EDGES, graph.numEdges());
      assertEquals((1L << 31) + 3, graph.rowStart(2));
      assertEquals(7, graph.degree(2));
      assertEquals(0, graph.neighbor(graph.rowStart(2) - 1));
      assertEquals(1, graph.neighbor(graph.rowStart(2)));
      assertEquals(2, graph.neighbor(graph.rowStart(2) + 1));
      assertEquals(0, graph.neighbor(NUM_EDGES - 1));
    }
  }

  /** Writes header, one long at a place in the data, and the size; the rest stays a hole. */
  private static void writeSparse(
      Path file, NpyType type, long numElements, long offset, long value) throws IOException {
    byte[] header = NpyHeader.bytesFor(type, numElements);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(header), 0);
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
      channel.write(bytes.flip(), header.length + offset);
      long size = header.length + numElements * type.bytes();
      if (channel.size() < size) {
        channel.write(ByteBuffer.allocate(1), size - 1);
      }
    } catch (IOException e) {
      Assumptions.abort("this file system cannot hold a sparse file of 8 GiB: " + e);
    }
  }
}
