package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  @TempDir private Path folder;

  @Test
  void tellsTheSystemHowAFileIsRead() throws IOException {
    assumeTrue(CLibrary.LINUX);
    Path file = folder.resolve("rows.bin");
    Files.write(file, new byte[100_000]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = map(file, arena).asSlice(128); // behind a header
      assertEquals(Set.of(), MappingFlags.advice(file));
      Access.RANDOM.advise(rows);
      assertEquals(Set.of("rr", "nh"), MappingFlags.advice(file));
      Access.SEQUENTIAL.advise(rows);
      assertEquals(Set.of("sr", "hg"), MappingFlags.advice(file));
      Access.RESIDENT.advise(rows);
      assertEquals(Set.of("hg"), MappingFlags.advice(file));
    }
  }

  @Test
  void leavesMemoryThatIsNoFileAlone() {
    try (Arena arena = Arena.ofConfined()) {
      for (Access access : Access.values()) {
        access.advise(arena.allocate(1 << 16));
        access.advise(MemorySegment.ofArray(new byte[10]));
        access.advise(MemorySegment.NULL);
      }
    }
  }

  @Test
  void rowsStayInMemoryThatHoldsThem() {
    long available = AvailableMemory.availableBytes();
    assertEquals(Access.RESIDENT, Access.ofRows(available / 8));
    assertEquals(Access.RANDOM, Access.ofRows(available * 2));
  }

  @Test
  void theSupportIsReported() {
    assumeTrue(CLibrary.LINUX);
    assertTrue(Access.support().startsWith("advised how they are read"), Access.support());
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }
}
