package io.millrace.datasets.platform;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  @Test
  void givesZeroedMemoryOfExactlyTheSizeAskedFor() {
    for (long bytes : new long[] {0, 1, 4096, (2 << 20) - 1, 2 << 20, (8 << 20) + 5}) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment memory = HugePages.allocate(bytes, arena);
        assertEquals(bytes, memory.byteSize());
        assertTrue(memory.asByteBuffer().isDirect());
        assertEquals(-1, memory.mismatch(arena.allocate(bytes)), "bytes=" + bytes);
        memory.fill((byte) 1);
      }
    }
  }

  @Test
  void isGoneWithItsArena() {
    Arena arena = Arena.ofShared();
    MemorySegment memory = HugePages.allocate(16 << 20, arena);
    memory.set(JAVA_LONG, 0, 1);
    arena.close();
    assertFalse(memory.scope().isAlive());
  }

  @Test
  void standsOnHugePagesWhereTheSystemHasThem() throws Exception {
    Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    Assumptions.assumeTrue(
        Files.exists(setting) && !Files.readString(setting).contains("[never]"),
        "no transparent huge pages here");
    try (Arena arena = Arena.ofShared()) {
      long before = hugeKilobytes();
      HugePages.allocate(64 << 20, arena).fill((byte) 1);
      long gained = hugeKilobytes() - before;
      Assumptions.assumeTrue(gained > 0, "the system has no huge page free");
      assertTrue(gained >= 16 << 10, "huge pages, kB: " + gained);
    }
  }

  private static long hugeKilobytes() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
        .filter(line -> line.startsWith("AnonHugePages"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }
}
