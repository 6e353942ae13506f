package io.millrace.bench.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.bench.TestGraphs;
import io.millrace.bench.harness.Median;
import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.draw.Draw;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {
  @Test
  void medianIsTheMiddleOrTheMeanOfTheTwo() {
    assertEquals(3, Median.of(9, 1, 3));
    assertEquals(2.5, Median.of(9, 1, 3, 2));
  }

  @Test
  void digestTellsBatchesApart() {
    long digest = digest(1, 2, 3);

    assertEquals(digest, digest(1, 2, 3));
    for (int[] other : new int[][] {{1, 3, 2}, {1, 2}, {1, 2, 4}, {0, 1, 2, 3}, {1, 2, 3, 0}}) {
      assertNotEquals(digest, digest(other));
    }
  }

  private static long digest(int... values) {
    return new BatchDigest().add(values, values.length).value();
  }

  @Test
  void threadCountsDoubleAndEndWithTheMost() {
    assertEquals(List.of(1), Throughput.threadCounts(1));
    assertEquals(List.of(1, 2), Throughput.threadCounts(2));
    assertEquals(List.of(1, 2, 4, 6), Throughput.threadCounts(6));
    assertEquals(List.of(1, 2, 4, 8), Throughput.threadCounts(8));
  }

  @Test
  void throughputIsTheMedianOfItsRounds() {
    ThroughputResult result = new ThroughputResult(SamplerVariant.IdMap.FLAT_HASH);
    for (long nanos : new long[] {4_000_000_000L, 1_000_000_000, 2_000_000_000}) {
      result.add("product", 1, sample(nanos, 10, 3000, 100));
      result.add("product", 2, sample(nanos, 20, 6000, 200));
      result.add("naive", 1, sample(2 * nanos, 10, 3000, 100));
      result.add("naive", 2, sample(4 * nanos, 20, 6000, 200));
    }

    List<?> runs = (List<?>) result.json().get("runs");
    Map<?, ?> onTwo = (Map<?, ?>) runs.get(1);
    assertEquals("product", onTwo.get("name"));
    assertEquals(2, onTwo.get("threads"));
    assertEquals(10.0, onTwo.get("batches_per_second"));
    assertEquals(3000.0, onTwo.get("edges_per_second"));
    assertEquals(100.0, onTwo.get("feature_bytes_per_second"));
    assertEquals(2e9 / 3000, (double) onTwo.get("ns_per_edge"), 1e-6);
    assertEquals(2.0, onTwo.get("scaling"));
    assertEquals(4.0, onTwo.get("speedup"));
    assertEquals(300.0, onTwo.get("edges_per_batch"));
    assertEquals(1.0, ((Map<?, ?>) runs.get(3)).get("scaling"));
    assertEquals("flat hash", result.json().get("map"));
  }

  private static Throughput.Sample sample(long nanos, int batches, long edges, long bytes) {
    return new Throughput.Sample(nanos, batches, new Work.Done(7, edges, bytes));
  }

  /** Workers of training share an eighth of the heap, too: no bytes for each of so many. */
  @Test
  void theSamplersThatAreMeasuredShareTheRoomOfTheirIdMaps() {
    CsrGraph graph = TestGraphs.random(1000, 1);
    assertEquals(IdMapKind.DIRECT_ADDRESS, idMap(graph, 2));
    assertEquals(IdMapKind.FLAT_HASH, idMap(graph, Integer.MAX_VALUE));
  }

  private static IdMapKind idMap(CsrGraph graph, int maxThreads) {
    SamplerSettings settings =
        new SamplerSettings(Fanout.of(5), Draw.uniform(), false, false, 10, 1, 1, 0, maxThreads);
    return Throughput.sampler(graph, Optional.empty(), Optional.empty(), settings, IdMapKind.AUTO)
        .idMap();
  }

  @Test
  void theDefaultIdMapOfASmallGraphIsDirect() {
    assertEquals(
        SamplerVariant.IdMap.DIRECT_ADDRESS, Exploration.defaultIdMap(TestGraphs.random(1000, 1)));
    assertTrue(
        SamplerVariant.all()
            .contains(
                new SamplerVariant.Product(
                    SamplerVariant.IdMap.DIRECT_ADDRESS, SamplerVariant.Memory.MAPPED)));
  }
}
