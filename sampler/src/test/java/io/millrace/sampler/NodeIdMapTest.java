package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of both maps. */
class NodeIdMapTest {
  private static final int NUM_NODES = 1 << 20;

  static Stream<NodeIdMap> maps() {
    return Stream.of(new FlatHashIdMap(1), new DirectAddressIdMap(NUM_NODES, 1));
  }

  @ParameterizedTest
  @MethodSource("maps")
  void agreesWithAJavaMapOverManyGenerationsAndGrowth(NodeIdMap map) {
    Random random = new Random(3);
    for (int generation = 0; generation < 120; generation++) {
      map.clear();
      assertAgrees(map, random, NUM_NODES, "generation=" + generation);
    }
  }

  @Test
  void agreesWithAJavaMapOnIdsOfAnySize() {
    NodeIdMap map = new FlatHashIdMap(1);
    Random random = new Random(5);
    for (int generation = 0; generation < 50; generation++) {
      map.clear();
      assertAgrees(map, random, Integer.MAX_VALUE, "generation=" + generation);
    }
  }

  private static void assertAgrees(NodeIdMap map, Random random, int numNodes, String what) {
    Map<Integer, Integer> reference = new LinkedHashMap<>();
    int range = Math.max(1, numNodes >>> random.nextInt(20));
    int stride = 1 << random.nextInt(12);
    int numChunks = random.nextInt(8);
    for (int chunk = 0; chunk < numChunks; chunk++) {
      int[] ids =
          random.ints(random.nextInt(4000), 0, range).map(id -> id / stride * stride).toArray();
      int[] localIds = new int[ids.length + 3];
      map.assign(ids, ids.length, localIds, 3);
      for (int i = 0; i < ids.length; i++) {
        reference.putIfAbsent(ids[i], reference.size());
        assertEquals(reference.get(ids[i]), localIds[i + 3], what + ", id=" + ids[i]);
      }
    }
    assertEquals(reference.size(), map.size(), what);
    for (Map.Entry<Integer, Integer> entry : reference.entrySet()) {
      assertEquals(entry.getKey(), map.nodes()[entry.getValue()], what);
    }
  }

  static Stream<NodeIdMap> mapsBeforeTheWrap() {
    long base = NodeIdMap.MAX_BASE - 3000;
    return Stream.of(new FlatHashIdMap(base), new DirectAddressIdMap(NUM_NODES, base));
  }

  @ParameterizedTest
  @MethodSource("mapsBeforeTheWrap")
  void survivesTheWrapOfItsGenerations(NodeIdMap map) {
    int[] ids = new Random(1).ints(3000, 0, NUM_NODES).distinct().limit(1000).toArray();
    int[] localIds = new int[ids.length];
    boolean wrapped = false;
    for (int generation = 0; generation < 10; generation++) {
      map.assign(ids, 2, localIds, 0);
      assertEquals(0, localIds[0], "generation=" + generation);
      assertEquals(1, localIds[1], "generation=" + generation);
      map.assign(ids, ids.length, localIds, 0);
      assertEquals(ids.length, map.size(), "generation=" + generation);
      long before = map.base;
      map.clear();
      wrapped |= map.base < before;
    }
    assertTrue(wrapped, "the generations did not wrap");
  }

  @Test
  void takesTheDirectAddressesWithinTheBudgetOnly() {
    assertEquals(IdMapKind.DIRECT_ADDRESS, IdMapKind.AUTO.resolve(100, 400));
    assertEquals(IdMapKind.FLAT_HASH, IdMapKind.AUTO.resolve(101, 400));
    assertEquals(IdMapKind.FLAT_HASH, IdMapKind.AUTO.resolve(Integer.MAX_VALUE - 1, 1L << 30));
    assertEquals(IdMapKind.FLAT_HASH, IdMapKind.FLAT_HASH.resolve(100, 400));
  }

  @Test
  void doesNotAddressDirectlyWhatNoArrayHolds() {
    int numNodes = Integer.MAX_VALUE - 1;

    assertEquals(IdMapKind.FLAT_HASH, IdMapKind.AUTO.resolve(numNodes, Long.MAX_VALUE));
    assertEquals(
        "too many nodes for a direct-address map: use the flat hash: numNodes=2147483646",
        assertThrows(BadInputException.class, () -> new DirectAddressIdMap(numNodes, 1))
            .getMessage());
  }

  @Test
  void holdsTheLargestIdsInTheFlatHash() {
    NodeIdMap map = new FlatHashIdMap(1);
    int[] localIds = new int[3];
    map.assign(new int[] {Integer.MAX_VALUE - 1, 0, Integer.MAX_VALUE - 1}, 3, localIds, 0);
    assertArrayEquals(new int[] {0, 1, 0}, localIds);
  }

  @Test
  void refusesMoreNodesThanItCanHold() {
    NodeIdMap map = new FlatHashIdMap(1);

    assertThrows(IllegalStateException.class, () -> map.assign(new int[0], 1 << 29, new int[0], 0));
  }
}
