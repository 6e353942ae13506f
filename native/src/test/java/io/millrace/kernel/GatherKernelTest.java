package io.millrace.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What the gather's contract test in {@code slicing} does not see of the kernel. */
class GatherKernelTest {
  private final GatherKernel kernel =
      switch (KernelProbe.run()) {
        case KernelProbe.Usable(GatherKernel usable) -> usable;
        case KernelProbe.Unusable(String reason) -> abort("no kernel here: " + reason);
      };

  @Test
  void widensEveryFloat16AlikeWithAndWithoutInstructionsForIt() {
    short[] halves = new short[1 << 16];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) i;
    }
    MemorySegment rows = MemorySegment.ofArray(halves);
    float[] fast = new float[halves.length];
    float[] portable = new float[halves.length];

    kernel.widen(rows, halves.length, new int[1], 1, MemorySegment.ofArray(fast));
    kernel.widenPortably(rows, halves.length, new int[1], 1, MemorySegment.ofArray(portable));

    for (int i = 0; i < halves.length; i++) {
      int expected = Float.floatToIntBits(Float.float16ToFloat(halves[i])); // one NaN for all
      assertEquals(expected, Float.floatToIntBits(fast[i]), "fast, half " + i);
      assertEquals(expected, Float.floatToIntBits(portable[i]), "portable, half " + i);
    }
  }

  @Test
  void stopsAtTheFirstIdThatIsNoRow() {
    int[] ids = new int[1000];
    MemorySegment rows = MemorySegment.ofArray(new byte[30]);
    MemorySegment out = MemorySegment.ofArray(new byte[10_000]);

    assertEquals(1000, kernel.copy(rows, 10, ids, 1000, out));
    for (int wrong : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      for (int position : new int[] {0, 255, 256, 700, 999}) {
        ids[position] = wrong;
        assertEquals(position, kernel.copy(rows, 10, ids, 1000, out));
        assertEquals(position, kernel.copy(rows, 10, ids, position, out));
        assertEquals(
            position, kernel.widen(rows, 5, ids, 1000, MemorySegment.ofArray(new byte[20_000])));
        ids[position] = 2;
      }
    }
  }

  @Test
  void refusesCountsAndOutputsThatDoNotFit() {
    MemorySegment rows = MemorySegment.ofArray(new byte[30]);
    MemorySegment out = MemorySegment.ofArray(new byte[20]);
    int[] ids = new int[2];

    assertThrows(IndexOutOfBoundsException.class, () -> kernel.copy(rows, 10, ids, 3, out));
    assertThrows(IndexOutOfBoundsException.class, () -> kernel.copy(rows, 10, ids, -1, out));
    assertThrows(IndexOutOfBoundsException.class, () -> kernel.copy(rows, 11, ids, 2, out));
    assertThrows(IndexOutOfBoundsException.class, () -> kernel.widen(rows, 6, ids, 1, out));
    assertThrows(IllegalArgumentException.class, () -> kernel.copy(rows, 0, ids, 2, out));
    assertThrows(
        IllegalArgumentException.class, () -> kernel.copy(rows, 10, ids, 2, out.asReadOnly()));
  }

  @Test
  void refusesMemoryThatWasFreed() {
    MemorySegment rows;
    try (Arena arena = Arena.ofShared()) {
      rows = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3);
    }
    MemorySegment out = MemorySegment.ofArray(new byte[12]);

    assertThrows(IllegalStateException.class, () -> kernel.copy(rows, 4, new int[3], 3, out));
  }
}
