package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of both maps. */
class NodeIdMapTest {
  private static final int NUM_NODES = 1 << 20;

  @ParameterizedTest
  @EnumSource
  void agreesWithAJavaMapOverManyGenerationsAndGrowth(IdMapKind kind) {
    NodeIdMap map = IdMapKind.newMap(kind, NUM_NODES, Long.MAX_VALUE);
    Random random = new Random(3);
    for (int generation = 0; generation < 300; generation++) {
      map.clear();
      Map<Integer, Integer> reference = new LinkedHashMap<>();
      int range = 1 << random.nextInt(21);
      int stride = 1 << random.nextInt(12);
      for (int chunk = 0; chunk < random.nextInt(8); chunk++) {
        int[] ids =
            random.ints(random.nextInt(4000), 0, range).map(id -> id / stride * stride).toArray();
        int[] localIds = new int[ids.length + 3];
        map.assign(ids, ids.length, localIds, 3);
        for (int i = 0; i < ids.length; i++) {
          reference.putIfAbsent(ids[i], reference.size());
          assertEquals(
              reference.get(ids[i]),
              localIds[i + 3],
              "generation=" + generation + ", id=" + ids[i]);
        }
      }
      assertEquals(reference.size(), map.size());
      for (Map.Entry<Integer, Integer> entry : reference.entrySet()) {
        assertEquals(entry.getKey(), map.nodes()[entry.getValue()]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("exhaustive")
  void survivesTheWrapOfItsGenerations(IdMapKind kind) {
    NodeIdMap map = IdMapKind.newMap(kind, NUM_NODES, Long.MAX_VALUE);
    int[] ids = new Random(1).ints(1 << 19, 0, NUM_NODES).distinct().toArray();
    int[] localIds = new int[ids.length];
    for (long used = 0; used < (1L << 31) + 3L * ids.length; used += ids.length) {
      map.clear();
      map.assign(ids, 2, localIds, 0);
      assertEquals(0, localIds[0]);
      assertEquals(1, localIds[1]);
      map.assign(ids, ids.length, localIds, 0);
      assertEquals(ids.length, map.size());
    }
  }

  @Test
  void takesTheDirectAddressesWithinTheBudgetOnly() {
    assertInstanceOf(DirectAddressIdMap.class, IdMapKind.newMap(IdMapKind.AUTO, 100, 400));
    assertInstanceOf(FlatHashIdMap.class, IdMapKind.newMap(IdMapKind.AUTO, 101, 400));
    assertInstanceOf(
        FlatHashIdMap.class, IdMapKind.newMap(IdMapKind.AUTO, Integer.MAX_VALUE - 1, 1L << 30));
  }

  @Test
  void holdsTheLargestIdsInTheFlatHash() {
    NodeIdMap map = new FlatHashIdMap();
    int[] localIds = new int[3];
    map.assign(new int[] {Integer.MAX_VALUE - 1, 0, Integer.MAX_VALUE - 1}, 3, localIds, 0);
    assertArrayEquals(new int[] {0, 1, 0}, localIds);
  }

  @Test
  void refusesMoreNodesThanItCanHold() {
    NodeIdMap map = new FlatHashIdMap();

    assertThrows(
        IllegalStateException.class, () -> map.assign(new int[0], (1 << 29) + 1, new int[0], 0));
  }
}
