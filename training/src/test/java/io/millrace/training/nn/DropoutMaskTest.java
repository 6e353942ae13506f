package io.millrace.training.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {
  private static final int SIZE = 1_000_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.2, 0.5, 0.9, 0.999})
  void dropsTheShareAndScalesTheRest(double share) {
    float[] mask = mask(SIZE, share, 1);

    float kept = (float) (1 / (1 - share));
    int numDropped = 0;
    for (float value : mask) {
      assertTrue(value == 0 || value == kept, "value=" + value);
      numDropped += value == 0 ? 1 : 0;
    }
    assertEquals(share * SIZE, numDropped, fiveSigma(share));
  }

  @Test
  void isAFunctionOfKeyAndPosition() {
    float[] mask = mask(10_000, 0.5, 7);

    assertArrayEquals(mask, mask(10_000, 0.5, 7));
    assertArrayEquals(Arrays.copyOf(mask, 4097), mask(4097, 0.5, 7), "also of a shorter one");
    assertEquals(0, mask(0, 0.5, 7).length);
  }

  /** Neighbours, rows of usual widths, blocks, and keys that differ by a bit. */
  @Test
  @Tag("exhaustive")
  void positionsAndKeysAreIndependentOfEachOther() {
    float[] mask = mask(SIZE, 0.5, 3);
    for (int distance : new int[] {1, 2, 3, 16, 64, 100, 128, 256, 4096, 8192, 65536}) {
      int numEqual = 0;
      for (int i = distance; i < SIZE; i++) {
        numEqual += mask[i] == mask[i - distance] ? 1 : 0;
      }
      assertEquals((SIZE - distance) / 2.0, numEqual, fiveSigma(0.5), "distance=" + distance);
    }
    for (int bit = 0; bit < Long.SIZE; bit++) {
      float[] other = mask(SIZE, 0.5, 3 ^ 1L << bit);
      int numEqual = 0;
      for (int i = 0; i < SIZE; i++) {
        numEqual += mask[i] == other[i] ? 1 : 0;
      }
      assertEquals(SIZE / 2.0, numEqual, fiveSigma(0.5), "bit=" + bit);
    }
  }

  private static double fiveSigma(double share) {
    return 5 * Math.sqrt(SIZE * share * (1 - share)) + 1e-3;
  }

  private static float[] mask(int size, double share, long key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(JAVA_FLOAT, size);
      DropoutMask.fill(mask, share, key);
      return mask.toArray(JAVA_FLOAT);
    }
  }
}
