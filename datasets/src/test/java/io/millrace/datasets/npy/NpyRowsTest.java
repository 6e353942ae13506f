package io.millrace.datasets.npy;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.DiskSpace;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyRowsTest {
  @TempDir private Path folder;

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Test
  void rowsAreWrittenInAnyOrderAndMapped() {
    Path file = folder.resolve("rows.npy");
    NpyRows.create(file, 4, 2);
    try (NpyRows rows = NpyRows.open(file, 4, 2)) {
      assertEquals(8, rows.rowBytes());
      rows.write(2, floats(5, 6, 7, 8));
      rows.write(0, floats(1, 2));
    }
    NpyRows.create(file, 4, 2); // it is there, and stays as it is
    try (Arena arena = Arena.ofConfined();
        NpyRows rows = NpyRows.open(file, 4, 2)) {
      NpyArray array = NpyArray.map(file, NpyType.FLOAT32, 2, arena);
      assertEquals(List.of(4L, 2L), array.shape());
      assertArrayEquals(new float[] {1, 2, 0, 0, 5, 6, 7, 8}, array.data().toArray(JAVA_FLOAT));
      ByteBuffer read = floats(0, 0);
      rows.read(3, read);
      assertEquals(floats(7, 8), read.flip());
    }
  }

  @Test
  void readingBehindTheEndIsRefused() {
    Path file = folder.resolve("rows.npy");
    NpyRows.create(file, 2, 2);
    try (NpyRows rows = NpyRows.open(file, 2, 2)) {
      assertThrows(BadInputException.class, () -> rows.read(1, floats(0, 0, 0, 0)));
    }
  }

  @Test
  void aDiskWithoutTheSpaceIsToldWithWhatIsNeeded() {
    DiskSpace.require(folder.resolve("not/there/yet"), 1);
    BadInputException e =
        assertThrows(BadInputException.class, () -> DiskSpace.require(folder, Long.MAX_VALUE));
    assertTrue(e.getMessage().contains("needBytes=" + Long.MAX_VALUE), e.getMessage());
    assertTrue(e.getMessage().contains("freeBytes="), e.getMessage());
  }
}
