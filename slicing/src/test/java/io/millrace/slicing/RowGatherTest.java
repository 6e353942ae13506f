package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of both gathers; {@link JavaGatherTest} and {@link NativeGatherTest} run it. */
abstract class RowGatherTest {
  private static final byte UNTOUCHED = 0x5a;

  /** Bytes before and after an output, which nothing may write to. */
  private static final int MARGIN = 67;

  private final SplittableRandom random = new SplittableRandom(1);

  private RowGather gather;

  /** The one under test; skips where it cannot be used. */
  abstract RowGather choose();

  @BeforeEach
  void chooseGather() {
    gather = choose();
  }

  @Test
  void copiesRowsOfAnySizeFromAnywhereToAnywhere() {
    IntStream sizes = IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(128, 200, 400));
    IntStream.concat(sizes, IntStream.of(401, 511, 512, 513, 1024, 3072, 4097))
        .forEach(
            rowBytes -> {
              int numRows = 50;
              byte[] rows = bytes(numRows * rowBytes);
              int[] nodes = nodes(600, numRows);
              byte[] expected = new byte[600 * rowBytes];
              for (int i = 0; i < 600; i++) {
                System.arraycopy(rows, nodes[i] * rowBytes, expected, i * rowBytes, rowBytes);
              }
              for (int count : new int[] {0, 1, 12, 13, 255, 256, 257, 600}) {
                int offset = random.nextInt(64);
                assertGives(
                    Arrays.copyOf(expected, count * rowBytes),
                    at(offset, rows),
                    (matrix, out) -> gather.copy(matrix, rowBytes, nodes, count, out),
                    "rowBytes=" + rowBytes + " count=" + count + " offset=" + offset);
              }
            });
  }

  @Test
  void widensRowsOfAnyDimFromAnywhereToAnywhere() {
    IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(100, 128, 602, 768))
        .forEach(
            dim -> {
              int numRows = 50;
              byte[] rows = bytes(numRows * dim * 2);
              MemorySegment halves = MemorySegment.ofArray(rows);
              int[] nodes = nodes(300, numRows);
              byte[] expected = new byte[300 * dim * 4];
              MemorySegment floats = MemorySegment.ofArray(expected);
              for (int i = 0; i < 300; i++) {
                for (int c = 0; c < dim; c++) {
                  short half = halves.get(JAVA_SHORT_UNALIGNED, (nodes[i] * dim + c) * 2L);
                  floats.set(JAVA_FLOAT_UNALIGNED, (i * dim + c) * 4L, Float.float16ToFloat(half));
                }
              }
              for (int count : new int[] {0, 1, 12, 13, 257, 300}) {
                int offset = random.nextInt(64);
                assertGives(
                    Arrays.copyOf(expected, count * dim * 4),
                    at(offset, rows),
                    (matrix, out) -> gather.widen(matrix, dim, nodes, count, out),
                    "dim=" + dim + " count=" + count + " offset=" + offset);
              }
            });
  }

  @Test
  void widensEveryFloat16() {
    short[] halves = new short[1 << 16];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) i;
    }
    float[] floats = new float[halves.length];

    gather.widen(
        MemorySegment.ofArray(halves), halves.length, new int[1], 1, MemorySegment.ofArray(floats));

    for (int i = 0; i < halves.length; i++) {
      assertEquals(Float.float16ToFloat(halves[i]), floats[i], "half " + i);
      assertEquals(1 / Float.float16ToFloat(halves[i]), 1 / floats[i], "sign of half " + i);
    }
  }

  /** A mapping ends with its last page: to read beyond it is a crash or an exception. */
  @Test
  void readsTheLastRowsOfAMappedFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rows");
    byte[] rows = bytes(4096 * 25);
    Files.write(file, rows);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      for (int rowBytes : new int[] {1, 2, 50, 400, 4096}) {
        int last = rows.length / rowBytes - 1;
        int[] nodes = {last, 0, last - 1, last};
        byte[] expected = new byte[4 * rowBytes];
        for (int i = 0; i < 4; i++) {
          System.arraycopy(rows, nodes[i] * rowBytes, expected, i * rowBytes, rowBytes);
        }
        assertGives(
            expected,
            mapped,
            (matrix, out) -> gather.copy(matrix, rowBytes, nodes, 4, out),
            "rowBytes=" + rowBytes);
      }
    }
  }

  /**
   * A sparse file of 6 GiB: offsets beyond 2^31 and 2^32, as one byte that says which row it is.
   */
  @Test
  void readsRowsBeyondTwoToThe32(@TempDir Path folder) throws IOException {
    int rowBytes = 400;
    long numRows = (6L << 30) / rowBytes;
    int[] nodes = {
      (int) (numRows - 1), (1 << 31) / -rowBytes, (int) ((1L << 32) / rowBytes) + 1, 0, 9_000_000
    };
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(
                folder.resolve("sparse"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ,
                StandardOpenOption.SPARSE)) {
      for (int i = 0; i < nodes.length; i++) {
        byte[] row = new byte[rowBytes];
        Arrays.fill(row, (byte) (i + 1));
        try {
          channel.write(ByteBuffer.wrap(row), (long) nodes[i] * rowBytes);
        } catch (IOException e) {
          assumeTrue(false, "this file system cannot hold a sparse file of 6 GiB: " + e);
        }
      }
      MemorySegment rows = channel.map(FileChannel.MapMode.READ_ONLY, 0, numRows * rowBytes, arena);
      byte[] expected = new byte[nodes.length * rowBytes];
      for (int i = 0; i < nodes.length; i++) {
        Arrays.fill(expected, i * rowBytes, (i + 1) * rowBytes, (byte) (i + 1));
      }
      assertGives(
          expected,
          rows,
          (matrix, out) -> gather.copy(matrix, rowBytes, nodes, nodes.length, out),
          "copy");
      byte[] widened = new byte[nodes.length * rowBytes * 2];
      for (int i = 0; i < widened.length / 4; i++) {
        byte both = (byte) (i * 4 / (rowBytes * 2) + 1);
        MemorySegment.ofArray(widened)
            .set(JAVA_FLOAT_UNALIGNED, i * 4L, Float.float16ToFloat((short) (both << 8 | both)));
      }
      assertGives(
          widened,
          rows,
          (matrix, out) -> gather.widen(matrix, rowBytes / 2, nodes, nodes.length, out),
          "widen");
    }
  }

  @Test
  void namesTheNodeThatIsNotInTheMatrix() {
    MemorySegment rows = MemorySegment.ofArray(new byte[10 * 6]);
    MemorySegment out = MemorySegment.ofArray(new byte[1000 * 12]);
    for (int wrong : new int[] {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      int[] nodes = nodes(1000, 10);
      nodes[700] = wrong;
      nodes[800] = -7;
      String message = "node id out of range: id=" + wrong + ", position=700, numNodes=10";

      assertEquals(message, refusal(() -> gather.copy(rows, 6, nodes, 1000, out)));
      assertEquals(message, refusal(() -> gather.widen(rows, 3, nodes, 1000, out)));
      gather.copy(rows, 6, nodes, 700, out);
    }
  }

  private static String refusal(Runnable run) {
    return assertThrows(BadInputException.class, run::run).getMessage();
  }

  @Test
  void refusesAnOutputOrIdsThatAreTooShort() {
    MemorySegment rows = MemorySegment.ofArray(new byte[60]);
    MemorySegment out = MemorySegment.ofArray(new byte[23]);
    int[] nodes = new int[3];

    assertTooShort(() -> gather.copy(rows, 6, nodes, 4, MemorySegment.ofArray(new byte[99])));
    assertTooShort(() -> gather.copy(rows, 6, nodes, -1, out));
    assertTooShort(() -> gather.copy(rows, 12, nodes, 2, out));
    assertTooShort(() -> gather.widen(rows, 3, nodes, 2, out));
    assertEquals(-1, out.mismatch(MemorySegment.ofArray(new byte[23])));
  }

  private static void assertTooShort(Runnable run) {
    assertThrows(IndexOutOfBoundsException.class, run::run);
  }

  @Test
  void refusesToWriteToWhatIsReadOnly() {
    MemorySegment rows = MemorySegment.ofArray(new short[] {1, 2});
    MemorySegment out = MemorySegment.ofArray(new byte[8]);

    assertThrows(
        IllegalArgumentException.class,
        () -> gather.copy(rows, 4, new int[1], 1, out.asReadOnly()));
    assertThrows(
        IllegalArgumentException.class,
        () -> gather.widen(rows, 2, new int[1], 1, out.asReadOnly()));
    assertEquals(0, out.get(JAVA_BYTE, 0));
  }

  private interface Gathering {
    void run(MemorySegment matrix, MemorySegment out);
  }

  /** Once off the heap and once on it, always with margins. */
  private void assertGives(
      byte[] expected, MemorySegment matrix, Gathering gathering, String message) {
    int start = MARGIN + random.nextInt(64);
    byte[] all = new byte[start + expected.length + MARGIN];
    Arrays.fill(all, UNTOUCHED);
    System.arraycopy(expected, 0, all, start, expected.length);
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment out :
          new MemorySegment[] {
            arena.allocate(all.length), MemorySegment.ofArray(new byte[all.length])
          }) {
        out.fill(UNTOUCHED);
        gathering.run(matrix, out.asSlice(start, expected.length));
        long wrong = out.mismatch(MemorySegment.ofArray(all));
        assertTrue(wrong < 0, message + " differs at byte " + (wrong - start) + " of the output");
      }
    }
  }

  /** A copy off the heap that begins at any place. */
  private static MemorySegment at(int offset, byte[] bytes) {
    MemorySegment block = Arena.ofAuto().allocate(offset + bytes.length, 64);
    MemorySegment.copy(bytes, 0, block, JAVA_BYTE, offset, bytes.length);
    return block.asSlice(offset);
  }

  /** Any bytes but those of a float16 NaN, of which there are many. */
  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((bytes[i] & 0x7c) == 0x7c ? bytes[i] & ~4 : bytes[i]);
    }
    return bytes;
  }

  /** With repetitions, and with the first and the last row. */
  private int[] nodes(int count, int numRows) {
    int[] nodes = random.ints(count, 0, numRows).toArray();
    nodes[1] = 0;
    nodes[count - 1] = numRows - 1;
    nodes[count - 2] = numRows - 1;
    return nodes;
  }
}
