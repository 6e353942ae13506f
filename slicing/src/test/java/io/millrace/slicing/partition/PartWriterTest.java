package io.millrace.slicing.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.slicing.FeatureStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartWriterTest {
  private static final int NUM_NODES = 40;
  private static final int DIM = 3;
  private static final int NUM_PARTS = 4;

  @TempDir private Path folder;

  /** Part 3 has no nodes. */
  private final Assignment assignment =
      Assignment.of(NUM_PARTS, IntStream.range(0, NUM_NODES).map(v -> v * 7 % 3).toArray());

  private Path whole(FeatureType type) {
    long[] indptr = new long[NUM_NODES + 1];
    int[] indices = new int[NUM_NODES];
    short[] half = new short[NUM_NODES * DIM];
    float[] wide = new float[NUM_NODES * DIM];
    for (int i = 0; i < wide.length; i++) {
      half[i] = Float.floatToFloat16(i);
      wide[i] = i;
    }
    for (int v = 0; v < NUM_NODES; v++) {
      indptr[v + 1] = v + 1;
      indices[v] = (v + 1) % NUM_NODES;
    }
    MemorySegment rows =
        type == FeatureType.FLOAT32 ? MemorySegment.ofArray(wide) : MemorySegment.ofArray(half);
    Path out = folder.resolve("whole");
    try (GraphDataset data =
        GraphDataset.builder("ring", CsrGraph.of(indptr, indices))
            .features(FeatureMatrix.of(NUM_NODES, DIM, type, rows))
            .labels(NodeLabels.of(2, new int[NUM_NODES]))
            .split(Split.TRAIN, 3, 1, 2)
            .names(IntStream.range(0, NUM_NODES).mapToObj(v -> "n" + v).toList())
            .build()) {
      data.save(out);
    }
    return out;
  }

  private Path cut(Path whole) {
    Path out = folder.resolve("new/parts");
    try (GraphDataset data = GraphDataset.open(whole)) {
      PartWriter.write(whole, data, assignment, out, Progress.NONE);
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource
  void partsHaveTheRowsOfTheirNodesAndAllElse(FeatureType type) throws Exception {
    Path whole = whole(type);
    Path parts = cut(whole);
    try (Stream<Path> left = Files.list(parts)) {
      assertEquals(NUM_PARTS, left.count(), "nothing else is left there");
    }
    for (StorageMode mode : List.of(StorageMode.IN_MEMORY, StorageMode.DISK)) {
      for (int p = 0; p < NUM_PARTS; p++) {
        assertIsPart(p, whole, PartWriter.directory(parts, p), mode);
      }
    }
  }

  private void assertIsPart(int number, Path whole, Path directory, StorageMode mode)
      throws Exception {
    try (Arena arena = Arena.ofConfined();
        GraphDataset data = GraphDataset.open(whole);
        GraphDataset part = GraphDataset.open(directory, mode);
        FeatureStore all = PartRows.of(data, FeatureType.FLOAT32);
        FeatureStore own = PartRows.of(part, FeatureType.FLOAT32)) {
      assertEquals(assignment, Assignment.of(part));
      assertEquals(data.fingerprint(), part.fingerprint());
      assertEquals(number, part.part().orElseThrow().number());
      int[] nodes = IntStream.range(0, NUM_NODES).filter(v -> assignment.of(v) == number).toArray();
      MemorySegment expected = arena.allocate((NUM_NODES + 1) * DIM * Float.BYTES, 64);
      MemorySegment found = arena.allocate(expected.byteSize(), 64);
      all.gather(nodes, nodes.length, expected);
      own.gather(nodes, nodes.length, found);
      assertEquals(-1, expected.mismatch(found));
      own.gather(nodes, nodes.length / 2, found); // of fewer rows than before
      assertEquals(-1, expected.mismatch(found));
      assertEquals(nodes.length == 0, expected.get(ValueLayout.JAVA_FLOAT, 4) == 0);
      int[] other = {number == 0 ? 1 : 0};
      assertThrows(BadInputException.class, () -> own.gather(other, 1, found));
      for (String file : List.of("indices.npy", "labels.npy", "split/train.npy")) {
        assertEquals(-1, Files.mismatch(whole.resolve(file), directory.resolve(file)), file);
      }
      assertEquals(5, part.dictionary().orElseThrow().node("n5").orElseThrow());
      assertEquals(nodes.length, part.rowsHere().numNodes());
    }
    DatasetInspector.inspect(directory, Progress.NONE);
  }

  @Test
  void rejectsPartsWhoseAssignmentIsDamaged() throws Exception {
    Path part = PartWriter.directory(cut(whole(FeatureType.FLOAT32)), 1);
    Path file = part.resolve("assignment.npy");
    byte[] bytes = Files.readAllBytes(file);
    int last = bytes.length - Integer.BYTES;
    bytes[last]++;
    Files.write(file, bytes);
    assertRefused(part, "a part must have a row for each of its nodes: file=" + file + ", part=1,");
    bytes[last] = NUM_PARTS;
    Files.write(file, bytes);
    assertRefused(part, "a part must be below the number of parts: file=" + file + ", node=39,");
    Files.delete(file);
    assertRefused(part, "missing file: file=" + file);
  }

  private static void assertRefused(Path part, String beginning) {
    String message =
        assertThrows(BadInputException.class, () -> GraphDataset.open(part)).getMessage();
    assertTrue(message.startsWith(beginning), message);
  }

  @Test
  void leavesNothingIfAFileOfTheDatasetCannotBeRead() throws Exception {
    Path whole = whole(FeatureType.FLOAT32);
    try (GraphDataset data = GraphDataset.open(whole)) {
      Files.delete(whole.resolve("labels.npy"));
      Path out = folder.resolve("new/parts");
      assertThrows(
          BadInputException.class,
          () -> PartWriter.write(whole, data, assignment, out, Progress.NONE));
    }
    assertFalse(Files.exists(folder.resolve("new")));
  }

  @Test
  void aPartIsNotCutAgain() {
    Path part = PartWriter.directory(cut(whole(FeatureType.FLOAT32)), 0);
    Path out = folder.resolve("again");
    try (GraphDataset data = GraphDataset.open(part)) {
      assertThrows(
          BadInputException.class,
          () -> PartWriter.write(part, data, assignment, out, Progress.NONE));
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void aRankWhosePartIsMissingIsNamedWithIt() {
    Path whole = whole(FeatureType.FLOAT32);
    Path parts = cut(whole);
    BadInputException e =
        assertThrows(BadInputException.class, () -> PartWriter.directory(parts, NUM_PARTS));
    assertEquals(
        "a rank needs its own part of the dataset: rank=4, missing="
            + parts.resolve("part-4")
            + ", parts there=[part-0, part-1, part-2, part-3]",
        e.getMessage());
    Path part = PartWriter.directory(parts, 2);
    for (Path given : List.of(whole, part, folder.resolve("none"))) {
      assertEquals(given, PartWriter.directory(given, 1));
    }
  }
}
