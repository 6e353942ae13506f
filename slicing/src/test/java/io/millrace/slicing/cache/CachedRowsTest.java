package io.millrace.slicing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CachedRowsTest {
  private static List<Integer> members(CachedRows rows) {
    return IntStream.range(0, rows.numNodes()).filter(rows::contains).boxed().toList();
  }

  /** Few different keys, or many, small and large: what a sort selects. */
  @Test
  void takesTheLargestKeysAndOfEqualOnesTheLowerNodes() {
    Random random = new Random(1);
    for (int bound : new int[] {1, 3, 1000, 1 << 20, Integer.MAX_VALUE}) {
      int[] keys = random.ints(777, 0, bound).toArray();
      for (int maxSize : new int[] {1, 2, 64, 400, 776, 777}) {
        List<Integer> expected =
            IntStream.range(0, keys.length)
                .filter(node -> keys[node] > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer node) -> -keys[node]))
                .limit(maxSize)
                .sorted()
                .toList();
        assertEquals(
            expected,
            members(CachedRows.hottest(keys.length, node -> keys[node], maxSize)),
            "bound " + bound + ", maxSize " + maxSize);
      }
    }
  }

  @Test
  void placesHaveTheOrderOfTheNodes() {
    Random random = new Random(2);
    int[] keys = random.ints(1000, 0, 2).toArray();
    CachedRows rows = CachedRows.hottest(keys.length, node -> keys[node], keys.length);
    int place = 0;
    for (int node = 0; node < keys.length; node++) {
      assertEquals(keys[node] > 0 ? place++ : -1, rows.place(node), "node " + node);
    }
    assertEquals(place, rows.size());
  }

  @Test
  void aSizeHasRoomForTheIndexAndWholeRows() {
    long index = CachedRows.indexBytes(1000);
    assertEquals(16 * 12, index);
    assertEquals(3, CachedRows.room(CacheSettings.of(index + 399), 1000, 100));
    assertEquals(1000, CachedRows.room(CacheSettings.of(1L << 50), 1000, 100));
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> CachedRows.room(CacheSettings.of(index + 99), 1000, 100));
    assertEquals(
        "feature cache must have room for its index and a row: bytes=291, indexBytes=192,"
            + " rowBytes=100",
        e.getMessage());
  }
}
