package io.millrace.slicing.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CachedFeaturesTest {
  private static final int NUM_NODES = 500;

  private final Random random = new Random(3);

  private FeatureMatrix matrix(FeatureType type, int dim) {
    short[] halves = new short[NUM_NODES * dim];
    float[] floats = new float[NUM_NODES * dim];
    for (int i = 0; i < halves.length; i++) {
      floats[i] = (float) random.nextGaussian();
      halves[i] = Float.floatToFloat16(floats[i]);
    }
    return FeatureMatrix.of(
        NUM_NODES,
        dim,
        type,
        type == FeatureType.FLOAT32
            ? MemorySegment.ofArray(floats)
            : MemorySegment.ofArray(halves));
  }

  /** Caches the rows of the seeds, because there are no edges and no hops. */
  private static CachedFeatures cache(FeatureMatrix matrix, FeatureType type, int... seeds) {
    CsrGraph graph = CsrGraph.of(new long[NUM_NODES + 1], new int[0]);
    CacheSettings settings = CacheSettings.of(1 << 20);
    CachePlan plan = CachePlan.of(settings, graph, matrix, seeds, 1, Fanout.of());
    return CachedFeatures.of(plan, matrix, FeatureStore.of(matrix, type, GatherKind.AUTO));
  }

  private static byte[] gather(FeatureStore store, int[] nodes, int count) {
    MemorySegment out =
        MemorySegment.ofArray(new long[(count * store.dim() * store.type().bytes() + 7) / 8])
            .asSlice(0, (long) count * store.dim() * store.type().bytes());
    store.gather(nodes, count, out);
    return out.toArray(ValueLayout.JAVA_BYTE);
  }

  private static int[] evenNodes() {
    return IntStream.range(0, NUM_NODES).filter(v -> v % 2 == 0).toArray();
  }

  /** Also with rows of 100 KB, of which a part of the scratch holds a few only. */
  @Test
  @Tag("exhaustive")
  void givesTheBytesOfTheStoreItCaches() {
    List<List<FeatureType>> types =
        List.of(
            List.of(FeatureType.FLOAT32, FeatureType.FLOAT32),
            List.of(FeatureType.FLOAT16, FeatureType.FLOAT16),
            List.of(FeatureType.FLOAT16, FeatureType.FLOAT32));
    for (int dim : new int[] {1, 7, 25_000}) {
      for (List<FeatureType> type : types) {
        FeatureMatrix matrix = matrix(type.get(0), dim);
        FeatureStore plain = FeatureStore.of(matrix, type.get(1), GatherKind.JAVA);
        int[] seeds = dim > 1000 ? new int[] {1, 5, 8, 9} : evenNodes();
        try (CachedFeatures cached = cache(matrix, type.get(1), seeds)) {
          assertEquals(plain.type(), cached.type());
          for (int count : new int[] {0, 1, 40}) {
            int[] nodes = random.ints(50, 0, NUM_NODES).toArray();
            nodes[0] = 8;
            assertArrayEquals(
                gather(plain, nodes, count), gather(cached, nodes, count), dim + " " + type);
          }
        }
      }
    }
  }

  @Test
  void countsRowsAndHits() {
    FeatureMatrix matrix = matrix(FeatureType.FLOAT32, 3);
    try (CachedFeatures cached = cache(matrix, FeatureType.FLOAT32, evenNodes())) {
      assertEquals(HitCounts.NONE, cached.counts());
      gather(cached, new int[] {0, 1, 3, 0, 5}, 4);
      HitCounts first = cached.counts();
      assertEquals(new HitCounts(2, 4), first);
      assertEquals(.5, first.hitShare());
      gather(cached, new int[] {1, 3}, 2);
      gather(cached, new int[] {2}, 1);
      assertEquals(new HitCounts(1, 3), cached.counts().since(first));
      assertEquals(new HitCounts(3, 7), first.plus(new HitCounts(1, 3)));
    }
  }

  @Test
  void threadsShareItWithoutLosingARowOrACount() throws Exception {
    FeatureMatrix matrix = matrix(FeatureType.FLOAT16, 9);
    FeatureStore plain = FeatureStore.of(matrix, FeatureType.FLOAT32, GatherKind.JAVA);
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        CachedFeatures cached = cache(matrix, FeatureType.FLOAT32, evenNodes())) {
      List<Future<Void>> all =
          IntStream.range(0, 4)
              .mapToObj(
                  seed ->
                      threads.<Void>submit(
                          () -> {
                            Random own = new Random(seed);
                            for (int i = 0; i < 100; i++) {
                              int[] nodes = own.ints(60, 0, NUM_NODES).toArray();
                              assertArrayEquals(
                                  gather(plain, nodes, 60), gather(cached, nodes, 60));
                            }
                            return null;
                          }))
              .toList();
      for (Future<Void> each : all) {
        each.get();
      }
      assertEquals(4 * 100 * 60, cached.counts().rows());
    }
  }

  @Test
  void refusesAnIdThatIsNoNodeAtItsPosition() {
    FeatureMatrix matrix = matrix(FeatureType.FLOAT32, 3);
    try (CachedFeatures cached = cache(matrix, FeatureType.FLOAT32, evenNodes())) {
      for (int id : new int[] {-1, NUM_NODES, Integer.MIN_VALUE}) {
        BadInputException e =
            assertThrows(BadInputException.class, () -> gather(cached, new int[] {4, id}, 2));
        assertEquals(
            "node id out of range: id=" + id + ", position=1, numNodes=500", e.getMessage());
      }
    }
  }

  @Test
  void laterReadsOfAClosedCacheFail() {
    FeatureMatrix matrix = matrix(FeatureType.FLOAT32, 3);
    CachedFeatures cached = cache(matrix, FeatureType.FLOAT32, evenNodes());
    cached.close();
    cached.close();
    assertThrows(IllegalStateException.class, () -> gather(cached, new int[] {4}, 1));
  }

  @Test
  void refusesAStoreOfOtherColumns() {
    FeatureMatrix matrix = matrix(FeatureType.FLOAT32, 3);
    FeatureStore wider =
        FeatureStore.of(matrix(FeatureType.FLOAT32, 4), FeatureType.FLOAT32, GatherKind.AUTO);
    CsrGraph graph = CsrGraph.of(new long[NUM_NODES + 1], new int[0]);
    CachePlan plan =
        CachePlan.of(CacheSettings.of(1 << 20), graph, matrix, new int[] {1}, 1, Fanout.of());
    BadInputException e =
        assertThrows(BadInputException.class, () -> CachedFeatures.of(plan, matrix, wider));
    assertEquals("a cache has the columns of its store: cached=3, store=4", e.getMessage());
  }
}
