package io.millrace.slicing.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.platform.CLibrary;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.Slicer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DiskFeaturesTest {
  private static final int NUM_NODES = 3000;

  @TempDir Path folder;
  private final Random random = new Random(5);

  @BeforeEach
  void needsTheRing() {
    try (Ring _ = new Ring(8)) {
      // permitted here
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
    }
  }

  private GraphDataset dataset(FeatureType type, int dim) {
    return dataset(type, dim, NUM_NODES);
  }

  private GraphDataset dataset(FeatureType type, int dim, int numNodes) {
    short[] values = new short[numNodes * dim * type.bytes() / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (random.nextInt(1 << 16) & ~(1 << 14)); // finite in both types
    }
    CsrGraph graph = CsrGraph.of(new long[numNodes + 1], new int[0]);
    Path path = folder.resolve("data" + random.nextInt(1 << 20));
    try (GraphDataset data =
        GraphDataset.builder("rows", graph)
            .features(FeatureMatrix.of(numNodes, dim, type, MemorySegment.ofArray(values)))
            .build()) {
      data.save(path);
    }
    return GraphDataset.open(path, StorageMode.DISK);
  }

  private static byte[] gather(FeatureStore store, int[] nodes) {
    int bytes = nodes.length * store.dim() * store.type().bytes();
    MemorySegment out = MemorySegment.ofArray(new long[(bytes + 7) / 8]).asSlice(0, bytes);
    store.gather(nodes, nodes.length, out);
    return out.toArray(ValueLayout.JAVA_BYTE);
  }

  private int[] nodes(int count, int numNodes) {
    return IntStream.range(0, count)
        .map(i -> i == 0 ? numNodes - 1 : random.nextInt(numNodes))
        .toArray();
  }

  /** Its rows would be mapped ones, read one by one. */
  @Test
  void aSlicerOfADatasetOnDiskIsRefused() {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 3);
        FeatureStore store = DiskFeatures.open(data.features(), FeatureType.FLOAT32)) {
      Exception e = assertThrows(BadInputException.class, () -> Slicer.of(data));
      assertTrue(e.getMessage().contains("DiskFeatures.open: dataset=rows"), e.getMessage());
      Slicer.of(data, store);
    }
  }

  /** Rows of 2 bytes to 30 KB, of which none but the first ends at a block; also rows twice. */
  @Test
  void givesTheBytesOfTheMappedFile() throws IOException {
    List<List<FeatureType>> types =
        List.of(
            List.of(FeatureType.FLOAT32, FeatureType.FLOAT32),
            List.of(FeatureType.FLOAT16, FeatureType.FLOAT16),
            List.of(FeatureType.FLOAT16, FeatureType.FLOAT32));
    for (int dim : new int[] {1, 128, 257, 7501}) {
      for (List<FeatureType> type : types) {
        int numNodes = dim > 1000 ? 100 : NUM_NODES;
        try (GraphDataset data = dataset(type.get(0), dim, numNodes)) {
          FeatureStore mapped = FeatureStore.of(data.features(), type.get(1), GatherKind.JAVA);
          for (boolean direct : new boolean[] {true, false}) {
            try (DiskFeatures disk = DiskFeatures.open(data.features(), type.get(1), direct)) {
              assertEquals(mapped.type(), disk.type());
              assertEquals(dim, disk.dim());
              for (int count : new int[] {0, 1, numNodes}) {
                int[] nodes = nodes(count, numNodes);
                assertArrayEquals(gather(mapped, nodes), gather(disk, nodes));
              }
            }
          }
        }
      }
    }
  }

  @Test
  void readsAreCounted() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 512);
        DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, false)) {
      gather(disk, new int[] {7, 5, 5, 6, 1000, 2000});
      DiskReads reads = disk.reads();
      assertEquals(6, reads.rows());
      assertEquals(3, reads.requests(), "5 to 7 are one");
      assertEquals((13 + 5 + 5) * 512, reads.bytes(), "rows begin at 128 bytes in a block");
      assertTrue(reads.depth() > 0 && reads.depth() <= 3, () -> "depth " + reads.depth());
      assertEquals(false, reads.direct());
    }
  }

  @Test
  void someRowsLeaveTheOthersAsTheyAre() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 1);
        DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, true)) {
      float[] out = {-1, -1, -1, -1};
      disk.gather(new int[] {9, 8, 7, 6}, new int[] {3, 1, 0}, 2, MemorySegment.ofArray(out));
      FeatureMatrix rows = data.features();
      assertArrayEquals(new float[] {-1, rows.get(8, 0), -1, rows.get(6, 0)}, out);
    }
  }

  @Test
  void aThreadWithoutAReaderOfItsOwnGivesTheSameBytes() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT16, 3);
        DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, false)) {
      int[] nodes = {9, 8, 7, 2999};
      int[] places = {3, 1, 0};
      float[] read = new float[12];
      float[] mapped = new float[12];
      disk.gather(nodes, places, 3, MemorySegment.ofArray(read));
      disk.gatherMapped(nodes, places, 3, MemorySegment.ofArray(mapped));
      assertArrayEquals(read, mapped);
      assertEquals(data.features().get(2999, 2), mapped[11]);
      assertEquals(0, mapped[6], "row 2 is as it was");
    }
  }

  @Test
  void threadsReadAtTheSameTime() throws Exception {
    try (GraphDataset data = dataset(FeatureType.FLOAT16, 100);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, true)) {
      FeatureStore mapped = FeatureStore.of(data.features(), FeatureType.FLOAT32, GatherKind.JAVA);
      List<int[]> batches = IntStream.range(0, 16).mapToObj(_ -> nodes(1500, NUM_NODES)).toList();
      List<Future<byte[]>> found =
          batches.stream().map(it -> threads.submit(() -> gather(disk, it))).toList();
      for (int i = 0; i < batches.size(); i++) {
        assertArrayEquals(gather(mapped, batches.get(i)), found.get(i).get());
      }
    }
  }

  @Test
  void refusesNodesAndPlacesOutOfRangeAndReadsOn() {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 4);
        FeatureStore disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32)) {
      assertInstanceOf(DiskFeatures.class, disk);
      BadInputException e =
          assertThrows(BadInputException.class, () -> gather(disk, new int[] {0, NUM_NODES}));
      assertEquals("node id out of range: id=3000, position=1, numNodes=3000", e.getMessage());
      MemorySegment small = MemorySegment.ofArray(new float[4]);
      assertThrows(IndexOutOfBoundsException.class, () -> disk.gather(new int[] {0, 1}, 2, small));
      assertEquals(16, gather(disk, new int[] {2999}).length);
    }
  }

  @Test
  void aFileThatHasBecomeShorterIsAnErrorInOneLine() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 64)) {
      for (boolean direct : new boolean[] {true, false}) {
        Path file = data.features().file().orElseThrow().file();
        try (DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, direct);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          long size = channel.size();
          channel.truncate(size - (direct ? 100 : 100_000));
          BadInputException e =
              assertThrows(
                  BadInputException.class, () -> gather(disk, new int[] {3, 2, 2999, 1, 2800}));
          assertEquals(
              "cannot read: file=" + file + ", cause=the file has become shorter", e.getMessage());
          assertEquals(512, gather(disk, new int[] {1, 2}).length);
          channel.write(ByteBuffer.allocate(1), size - 1); // as long as it was
        }
      }
    }
  }

  /** The first row cannot be written while others are under way. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsOnAfterAnOutputThatCannotBeWritten() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 512);
        DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, true)) {
      int[] nodes = nodes(200, NUM_NODES);
      MemorySegment readOnly = MemorySegment.ofArray(new float[200 * 512]).asReadOnly();
      assertThrows(RuntimeException.class, () -> disk.gather(nodes, 200, readOnly));
      FeatureStore mapped = FeatureStore.of(data.features(), FeatureType.FLOAT32, GatherKind.JAVA);
      assertArrayEquals(gather(mapped, nodes), gather(disk, nodes));
    }
  }

  @Test
  void readsOnAfterARingThatFailedWithAnErrorInOneLine() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 4)) {
      Set<Integer> others = rings();
      try (DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, false)) {
        Set<Integer> rings = rings();
        rings.removeAll(others);
        assertEquals(1, rings.size());
        CLibrary.call("close", rings.iterator().next());
        BadInputException e =
            assertThrows(BadInputException.class, () -> gather(disk, new int[] {1, 2}));
        assertEquals(
            "cannot read: file="
                + data.features().file().orElseThrow().file()
                + ", cause=io_uring_enter failed, errno=9",
            e.getMessage());
        assertEquals(16, gather(disk, new int[] {1}).length);
      }
      assertEquals(others, rings(), "all are closed");
    }
  }

  /** The descriptors of this process that are rings. */
  private static Set<Integer> rings() throws IOException {
    Set<Integer> rings = new TreeSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open.toList()) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().contains("io_uring")) {
          rings.add(Integer.parseInt(descriptor.getFileName().toString()));
        }
      }
    }
    return rings;
  }

  @Test
  void refusesToGatherOnceItIsClosed() throws IOException {
    try (GraphDataset data = dataset(FeatureType.FLOAT32, 4)) {
      DiskFeatures disk = DiskFeatures.open(data.features(), FeatureType.FLOAT32, false);
      disk.close();
      disk.close();
      assertThrows(IllegalStateException.class, () -> gather(disk, new int[] {1}));
    }
  }

  @Test
  void aMatrixWithoutAFileStaysInMemory() {
    FeatureMatrix matrix = FeatureMatrix.of(1, new float[] {3, 4});
    try (FeatureStore store = DiskFeatures.open(matrix, FeatureType.FLOAT32)) {
      assertEquals(8, gather(store, new int[] {1, 0}).length);
    }
  }
}
