package io.millrace.datasets.npy;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.datasets.Expect;
import io.millrace.datasets.platform.FileEntry;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyArrayTest {
  @TempDir Path folder;

  private Path file(String dict, int dataBytes) throws IOException {
    // Padded as numpy pads: the data begins at a multiple of 64.
    String padded = dict + " ".repeat(Math.floorMod(-(10 + dict.length() + 1), 64)) + "\n";
    return Files.write(folder.resolve("a.npy"), NpyHeaderTest.npy(1, padded, dataBytes));
  }

  private static String dict(String dtype, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(dtype, fortran ? "True" : "False", shape);
  }

  private static void map(Path file, NpyType type, int rank) {
    try (Arena arena = Arena.ofConfined()) {
      NpyArray.map(file, type, rank, arena);
    }
  }

  private void rejects(String dict, int dataBytes, String... parts) throws IOException {
    Path file = file(dict, dataBytes);
    Expect.badInput(() -> map(file, NpyType.FLOAT32, 2), parts);
    Expect.badInput(() -> map(file, NpyType.FLOAT32, 2), "a.npy");
  }

  @Test
  void writesWhatItReads() throws IOException {
    Path file = folder.resolve("w.npy");
    float[] values = {1, -2, 3.5f, 4, 5, 6};
    FileEntry entry;
    try (NpyWriter writer = NpyWriter.create(file, NpyType.FLOAT32, 2, 3)) {
      writer.write(MemorySegment.ofArray(values).asSlice(0, 20));
      writer.write(MemorySegment.ofArray(values).asSlice(20, 4));
      entry = writer.finish();
    }
    assertEquals(Files.size(file), entry.bytes());
    assertEquals(128 + 24, entry.bytes());
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file, NpyType.FLOAT32, 2, arena);
      assertEquals(List.of(2L, 3L), array.shape());
      assertArrayEquals(values, array.data().toArray(JAVA_FLOAT));
    }
  }

  @Test
  void writesTheHeaderThatNumpyWrites() {
    String header = new String(NpyHeader.bytesFor(NpyType.INT32, 5), StandardCharsets.ISO_8859_1);
    String dict = "{'descr': '<i4', 'fortran_order': False, 'shape': (5,), }";
    assertEquals(
        "\u0093NUMPY\1\0v\0" + dict + " ".repeat(128 - 10 - dict.length() - 1) + "\n", header);
    assertEquals(0, NpyHeader.bytesFor(NpyType.FLOAT32, 1, 2, 3).length % 64);
  }

  @Test
  void computesTheChecksumOfTheWholeFile() throws Exception {
    Path file = folder.resolve("w.npy");
    // Larger than the staging buffer.
    int[] values = new int[700_000];
    Arrays.setAll(values, i -> i * 31);
    FileEntry entry;
    try (NpyWriter writer = NpyWriter.create(file, NpyType.INT32, values.length)) {
      writer.write(MemorySegment.ofArray(values));
      entry = writer.finish();
    }
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertEquals(java.util.HexFormat.of().formatHex(digest), entry.sha256());
    try (Arena arena = Arena.ofConfined()) {
      assertArrayEquals(
          values, NpyArray.map(file, NpyType.INT32, 1, arena).data().toArray(JAVA_INT));
    }
  }

  @Test
  void mapsArraysWithoutElements() throws IOException {
    Path file = file(dict("<f4", false, "0, 3"), 0);
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(0, NpyArray.map(file, NpyType.FLOAT32, 2, arena).data().byteSize());
    }
  }

  @Test
  void rejectsObjects() throws IOException {
    rejects(dict("|O", false, "2, 3"), 48, "Python objects", "dtype=|O", "need=<f4");
  }

  @Test
  void rejectsFortranOrder() throws IOException {
    rejects(dict("<f4", true, "2, 3"), 24, "Fortran order", "fortran_order=True", "need=False");
  }

  @Test
  void rejectsBigEndian() throws IOException {
    rejects(dict(">f4", false, "2, 3"), 24, "big-endian", "dtype=>f4", "need=<f4");
  }

  @Test
  void rejectsAnotherType() throws IOException {
    rejects(dict("<f8", false, "2, 3"), 48, "wrong dtype", "dtype=<f8", "need=<f4");
  }

  @Test
  void rejectsAnotherRank() throws IOException {
    rejects(dict("<f4", false, "6,"), 24, "wrong number of dimensions", "shape=[6]", "need=2");
  }

  @Test
  void rejectsTruncatedData() throws IOException {
    rejects(dict("<f4", false, "2, 3"), 23, "truncated", "dataBytes=23", "needBytes=24");
  }

  @Test
  void rejectsBytesAfterTheData() throws IOException {
    rejects(dict("<f4", false, "2, 3"), 25, "bytes after its data", "dataBytes=25", "needBytes=24");
  }

  @Test
  void rejectsShapesThatOverflow() throws IOException {
    rejects(dict("<f4", false, "4294967296, 4294967296"), 24, "shape is too large");
    rejects(dict("<f4", false, "4294967296, 1000000"), 24, "truncated");
  }

  @Test
  void rejectsDataThatIsNotAligned() throws IOException {
    Path file =
        Files.write(
            folder.resolve("a.npy"), NpyHeaderTest.npy(1, dict("<f4", false, "2, 3") + "  ", 24));
    Expect.badInput(() -> map(file, NpyType.FLOAT32, 2), "not aligned", "need=4");
  }

  @Test
  void rejectsAMissingFileAndAFolder() {
    Expect.badInput(
        () -> map(folder.resolve("none.npy"), NpyType.INT32, 1), "missing file", "none");
    Expect.badInput(() -> map(folder, NpyType.INT32, 1), "missing file");
  }

  @Test
  void neverWritesOverAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("w.npy"), "mine");
    assertThrows(
        FileAlreadyExistsException.class, () -> NpyWriter.create(file, NpyType.INT32, 1).close());
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void refusesToFinishAHalfWrittenFile() throws IOException {
    try (NpyWriter writer = NpyWriter.create(folder.resolve("w.npy"), NpyType.INT32, 2)) {
      writer.write(MemorySegment.ofArray(new int[1]));
      assertThrows(IllegalStateException.class, writer::finish);
    }
  }

  @Test
  void reportsAFullDisk() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                NpyWriter.open(full, NpyType.INT32, new long[] {1}, StandardOpenOption.WRITE)
                    .close());
    assertEquals(
        "cannot write: file=/dev/full, writing=features, cause=No space left on device",
        IoErrors.cannotWrite(full, "features", e).getMessage());
  }
}
