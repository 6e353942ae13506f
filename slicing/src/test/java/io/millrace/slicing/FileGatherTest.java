package io.millrace.slicing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NpyRows;
import io.millrace.datasets.Residence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a file equals what is gathered from memory. */
class FileGatherTest {
  @TempDir private Path folder;
  private int numSaved;

  private GraphDataset saved(int numNodes, int dim, FeatureType type) {
    Random random = new Random(numNodes + dim);
    short[] halves = new short[numNodes * dim * type.bytes() / Short.BYTES];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToFloat16(random.nextFloat()); // two of them are a finite float32, too
    }
    Path out = folder.resolve("rows" + numSaved++);
    GraphDataset.builder("rows", CsrGraph.of(new long[numNodes + 1], new int[0]))
        .features(FeatureMatrix.of(numNodes, dim, type, MemorySegment.ofArray(halves)))
        .build()
        .save(out);
    return GraphDataset.open(out, Residence.MAPPED);
  }

  private static byte[] gathered(FeatureStore store, int[] nodes, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate((long) count * store.dim() * store.type().bytes());
      store.gather(nodes, count, out);
      return out.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private void assertSame(int numNodes, int dim, FeatureType type, FeatureType asked, int[] nodes) {
    try (GraphDataset data = saved(numNodes, dim, type);
        NpyRows file = NpyRows.openToRead(data.features().file().orElseThrow(), type)) {
      FeatureStore inMemory = FeatureStore.of(data.features(), asked, GatherKind.JAVA);
      FeatureStore read = FeatureStore.of(file, data.features(), asked);
      for (int count : new int[] {0, 1, nodes.length / 2, nodes.length}) {
        assertArrayEquals(
            gathered(inMemory, nodes, count),
            gathered(read, nodes, count),
            () -> type + " as " + asked + ", dim " + dim + ", " + count + " rows");
      }
    }
  }

  @Test
  void rowsFarApartAndCloseTogetherAreThoseOfTheMatrix() {
    for (long seed = 0; seed < 2; seed++) {
      int numNodes = 20_000;
      Random random = new Random(seed);
      int[] far = random.ints(200, 0, numNodes).toArray();
      int[] close = random.ints(3000, 0, 4000).toArray(); // many twice
      for (int[] nodes : new int[][] {far, close}) {
        assertSame(numNodes, 25, FeatureType.FLOAT32, FeatureType.FLOAT32, nodes);
        assertSame(numNodes, 25, FeatureType.FLOAT16, FeatureType.FLOAT16, nodes);
        assertSame(numNodes, 25, FeatureType.FLOAT16, FeatureType.FLOAT32, nodes);
      }
    }
  }

  @Test
  void aRowMayBeLargerThanTheBuffer() {
    assertSame(5, 40_000, FeatureType.FLOAT32, FeatureType.FLOAT32, new int[] {3, 0, 4, 3});
  }

  @Test
  void rejectsANodeThatHasNoRow() {
    try (GraphDataset data = saved(7, 3, FeatureType.FLOAT32);
        NpyRows file =
            NpyRows.openToRead(data.features().file().orElseThrow(), FeatureType.FLOAT32)) {
      FeatureStore read = FeatureStore.of(file, data.features(), FeatureType.FLOAT32);
      for (int node : new int[] {-1, 7}) {
        BadInputException e =
            assertThrows(BadInputException.class, () -> gathered(read, new int[] {0, node}, 2));
        assertEquals(
            "node id out of range: id=" + node + ", position=1, numNodes=7", e.getMessage());
      }
      assertThrows(
          BadInputException.class,
          () -> FeatureStore.of(file, data.features(), FeatureType.FLOAT16));
    }
  }

  @Test
  void rowsInMemoryHaveNoFile() {
    assertEquals(Optional.empty(), FeatureMatrix.of(1, new float[] {1}).file());
    saved(7, 3, FeatureType.FLOAT32).close();
    try (GraphDataset data = GraphDataset.open(folder.resolve("rows0"), Residence.IN_MEMORY)) {
      assertEquals(Optional.empty(), data.features().file());
    }
  }
}
