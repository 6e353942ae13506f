package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RadixSortTest {
  /** Keys that differ in few bits, in far bits, in all or in none; many of them equal. */
  @Test
  void sortsAnyKeysAndKeepsTheOrderOfEqualOnes() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long mask = random.nextLong() & random.nextLong() & random.nextLong();
      mask = seed % 3 == 0 ? -1L >>> random.nextInt(64) : mask;
      long base = random.nextLong();
      long[] keys = new long[random.nextInt(2_000)];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = (base & ~mask | random.nextLong() & mask) & Long.MAX_VALUE;
      }
      int[] need =
          IntStream.range(0, keys.length)
              .boxed()
              .sorted(Comparator.comparingLong(i -> keys[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      requireSorted(keys, need, "seed " + seed);
    }
  }

  private static void requireSorted(long[] keys, int[] need, String message) {
    long[] sorted = keys.clone();
    long[] spare = new long[keys.length];
    int[] order = new int[keys.length];
    RadixSort sort =
        new RadixSort(
            MemorySegment.ofArray(sorted),
            MemorySegment.ofArray(spare),
            true,
            MemorySegment.ofArray(order),
            MemorySegment.ofArray(new int[keys.length]));
    long[] found = sort.run() ? spare : sorted;
    assertArrayEquals(Arrays.stream(need).mapToLong(i -> keys[i]).toArray(), found, message);
    int[] places = new int[keys.length];
    Arrays.setAll(places, i -> sort.order().getAtIndex(JAVA_INT, i));
    assertArrayEquals(need, places, message);
  }
}
