package io.millrace.sampler;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs at the limits of int, in sparse files. */
class LargeGraphTest {
  @TempDir Path folder;

  @Test
  @Tag("exhaustive")
  void samplesEdgesBeyondPositionTwoToThe31() {
    long numEdges = (1L << 31) + 10;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment indptr = arena.allocateFrom(JAVA_LONG, 0, 1 << 30, (1L << 31) + 7, numEdges);
      MemorySegment indices = sparse("indices", numEdges * Integer.BYTES, arena);
      for (long position = (1L << 31) + 7; position < numEdges; position++) {
        indices.setAtIndex(JAVA_INT, position, (int) (position - (1L << 31) - 7));
      }
      CsrGraph graph = CsrGraph.of(indptr, indices);

      SampledBatch batch = NeighborSampler.of(graph, Fanout.of(3)).sample(new int[] {2}, 1);
      assertArrayEquals(new int[] {2, 0, 1}, Arrays.copyOf(batch.nodes(), batch.numNodes()));

      MfgLayer drawn = NeighborSampler.of(graph, Fanout.of(1000)).sample(new int[] {1}, 1).layer(0);
      assertTrue(drawn.numEdges() == 1000, "row of 2^30 neighbours");
    }
  }

  @Test
  void refusesARowLongerThanAnInt() {
    long numEdges = (1L << 31) + 10;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment indptr = arena.allocateFrom(JAVA_LONG, 0, numEdges);
      MemorySegment indices = sparse("indices", numEdges * Integer.BYTES, arena);
      NeighborSampler sampler = NeighborSampler.of(CsrGraph.of(indptr, indices), Fanout.of(3));

      assertThrows(BadInputException.class, () -> sampler.sample(new int[] {0}, 1));
    }
  }

  @Test
  void samplesTheLastOfTwoToThe31Nodes() {
    int numNodes = Integer.MAX_VALUE - 1;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment indptr = sparse("indptr", (numNodes + 1L) * Long.BYTES, arena);
      indptr.setAtIndex(JAVA_LONG, numNodes, 3);
      int last = numNodes - 1;
      MemorySegment indices = arena.allocateFrom(JAVA_INT, 0, last, 1 << 30);

      SampledBatch batch =
          NeighborSampler.of(CsrGraph.of(indptr, indices), Fanout.of(5, 5))
              .sample(new int[] {last}, 1);

      assertArrayEquals(
          new int[] {last, 0, 1 << 30}, Arrays.copyOf(batch.nodes(), batch.numNodes()));
    }
  }

  private MemorySegment sparse(String name, long bytes, Arena arena) {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength(bytes);
      return file.getChannel().map(MapMode.READ_WRITE, 0, bytes, arena);
    } catch (IOException e) {
      return Assumptions.abort(
          "this file system cannot hold a sparse file of " + bytes + " bytes: " + e);
    }
  }
}
