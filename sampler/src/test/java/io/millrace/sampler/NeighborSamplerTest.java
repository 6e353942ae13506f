package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ChiSquare;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.ExcludedRanks;
import io.millrace.sampler.draw.ReferenceDraw;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NeighborSamplerTest {
  private static final List<Draw> DRAWS = List.of(Draw.uniform(), Draw.withReplacement());

  /** Those that are tested bit by bit; the other is tested by its law. */
  private static final List<Draw> REFERENCE_DRAWS =
      DrawLaws.UNTIMED.stream()
          .filter(draw -> !draw.equals(Draw.weightedWithReplacement()))
          .toList();

  @Test
  void takesTheWholeCycleHopByHop() {
    NeighborSampler sampler = NeighborSampler.of(Graphs.cycle(10), Fanout.of(2, 2));

    SampledBatch batch = sampler.sample(new int[] {5}, 1);

    assertEquals(1, batch.numSeeds());
    assertArrayEquals(new int[] {5, 4, 6, 3, 7}, Arrays.copyOf(batch.nodes(), batch.numNodes()));
    assertLayer(batch.layer(1), 1, 3, new int[] {0, 2}, new int[] {1, 2});
    assertLayer(batch.layer(0), 3, 5, new int[] {0, 2, 4, 6}, new int[] {1, 2, 3, 0, 0, 4});
    assertEquals(8, batch.numEdges());
  }

  @Test
  void keepsIsolatedNodesWithEmptyRows() {
    NeighborSampler sampler =
        NeighborSampler.of(
            Graphs.ofRows(new int[] {}, new int[] {}, new int[] {1}), Fanout.of(3, 3));

    SampledBatch batch = sampler.sample(new int[] {0, 2}, 1);

    assertArrayEquals(new int[] {0, 2, 1}, Arrays.copyOf(batch.nodes(), batch.numNodes()));
    assertLayer(batch.layer(1), 2, 3, new int[] {0, 0, 1}, new int[] {2});
    assertLayer(batch.layer(0), 3, 3, new int[] {0, 0, 1, 1}, new int[] {2});
  }

  @Test
  void samplesAGraphOfOneNode() {
    SampledBatch batch =
        NeighborSampler.of(Graphs.ofRows(new int[] {0}), Fanout.of(5)).sample(new int[] {0}, 1);

    assertEquals(1, batch.numNodes());
    assertLayer(batch.layer(0), 1, 1, new int[] {0, 1}, new int[] {0});
  }

  /** Four bytes a node: of an eighth of the heap, nothing is left for each of so many. */
  @Test
  void samplersBesideEachOtherShareTheRoomOfTheirIdMaps() {
    SamplerBuilder builder = NeighborSampler.builder(Graphs.cycle(10), Fanout.of(2));

    assertEquals(IdMapKind.DIRECT_ADDRESS, builder.samplers(2).build().idMap());
    assertEquals(IdMapKind.FLAT_HASH, builder.samplers(Integer.MAX_VALUE).build().idMap());
    assertThrows(BadInputException.class, () -> builder.samplers(0));
  }

  @Test
  void countsASeedGivenTwiceOnce() {
    NeighborSampler sampler = NeighborSampler.of(Graphs.cycle(10), Fanout.of(2));

    SampledBatch batch = sampler.sample(new int[] {7, 3, 7, 1}, 1);

    assertEquals(3, batch.numSeeds());
    assertArrayEquals(new int[] {0, 1, 0, 2}, batch.seedLocalIds());
    assertEquals(3, batch.layer(0).numDst());
    assertArrayEquals(new int[] {7, 3, 1}, Arrays.copyOf(batch.nodes(), 3));
  }

  @Test
  void givesTheSeedsAloneWithoutHops() {
    SampledBatch batch =
        NeighborSampler.of(Graphs.cycle(10), Fanout.of()).sample(new int[] {4, 2}, 1);

    assertEquals(0, batch.numLayers());
    assertEquals(2, batch.numNodes());
  }

  @Test
  void acceptsNoSeeds() {
    SampledBatch batch = NeighborSampler.of(Graphs.cycle(10), Fanout.of(2)).sample(new int[] {}, 1);

    assertEquals(0, batch.numNodes());
    assertEquals(0, batch.layer(0).numEdges());
  }

  @Test
  void repeatsNeighborsOnlyWithReplacement() {
    NeighborSampler sampler =
        NeighborSampler.builder(Graphs.cycle(10), Fanout.of(40))
            .draw(Draw.withReplacement())
            .build();

    SampledBatch batch = sampler.sample(new int[] {5}, 1);

    assertEquals(40, batch.layer(0).numEdges());
    assertEquals(3, batch.numNodes());
  }

  @Test
  void takesAllNeighborsOnceEvenWithReplacement() {
    NeighborSampler sampler =
        NeighborSampler.builder(Graphs.cycle(10), Fanout.of(Fanout.ALL))
            .draw(Draw.withReplacement())
            .build();

    assertLayer(
        sampler.sample(new int[] {5}, 1).layer(0), 1, 3, new int[] {0, 2}, new int[] {1, 2});
  }

  @Test
  void takesAllNeighborsOfAHubLargerThanAChunk() {
    int degree = 100_000;
    SampledBatch batch =
        NeighborSampler.of(Graphs.star(degree), Fanout.of(Fanout.ALL)).sample(new int[] {0, 9}, 1);

    assertEquals(degree, batch.layer(0).numEdges());
    assertEquals(degree + 1, batch.numNodes());
  }

  @Test
  void matchesTheReferenceOnRandomGraphs() {
    matchesTheReference(0, 20);
  }

  @Test
  @Tag("exhaustive")
  void matchesTheReferenceOnManyRandomGraphs() {
    matchesTheReference(20, 350);
  }

  private static void matchesTheReference(int firstSeed, int endSeed) {
    for (int seed = firstSeed; seed < endSeed; seed++) {
      Random random = new Random(seed);
      Draw draw = REFERENCE_DRAWS.get(seed % REFERENCE_DRAWS.size());
      boolean shortRows = draw instanceof Draw.Weighted; // DrawLawTest tests the others' tables
      int numNodes = 1 + random.nextInt(3000);
      CsrGraph graph =
          shortRows ? Graphs.shortRows(numNodes, random) : Graphs.random(numNodes, random);
      float[] weights = Graphs.weights(graph, random);
      int[] perHop = IntStream.range(0, 1 + random.nextInt(3)).map(_ -> fanout(random)).toArray();
      Fanout fanout = Fanout.of(perHop);
      IdMapKind idMap = IdMapKind.values()[random.nextInt(3)];
      NeighborSampler sampler =
          NeighborSampler.builder(graph, fanout)
              .draw(draw)
              .weights(EdgeWeights.of(graph, MemorySegment.ofArray(weights)))
              .edgePositions(true)
              .idMap(idMap)
              .build();
      for (int call = 0; call < 4; call++) {
        int[] seeds = random.ints(1 + random.nextInt(80), 0, graph.numNodes()).toArray();
        long batchSeed = random.nextLong();
        Map<Integer, Set<Integer>> excluded = excluded(graph, seeds, random);
        String what =
            "seed="
                + seed
                + ", call="
                + call
                + ", fanout="
                + fanout
                + ", draw="
                + draw
                + ", idMap="
                + idMap;
        assertSame(
            ReferenceSampler.sample(
                new ReferenceDraw(graph, weights, draw), fanout, seeds, batchSeed, excluded),
            sampler.sample(seeds, fanout, batchSeed, ranks(excluded)),
            what);
      }
    }
  }

  /** For every third call, some ranks of some seeds. */
  private static Map<Integer, Set<Integer>> excluded(CsrGraph graph, int[] seeds, Random random) {
    Map<Integer, Set<Integer>> excluded = new HashMap<>();
    if (random.nextInt(3) == 0) {
      int[] distinct = Arrays.stream(seeds).distinct().toArray();
      for (int local = 0; local < distinct.length; local += 1 + random.nextInt(2)) {
        int degree = graph.degree(distinct[local]);
        Set<Integer> ranks = new TreeSet<>();
        for (int i = random.nextInt(5); i > 0 && degree > 0; i--) {
          ranks.add(random.nextInt(degree));
        }
        excluded.put(local, ranks);
      }
    }
    return excluded;
  }

  private static ExcludedRanks ranks(Map<Integer, Set<Integer>> excluded) {
    ExcludedRanks ranks = new ExcludedRanks();
    int numRows = excluded.keySet().stream().mapToInt(local -> local + 1).max().orElse(0);
    for (int local = 0; local < numRows; local++) {
      int[] row = excluded.getOrDefault(local, Set.of()).stream().mapToInt(rank -> rank).toArray();
      ranks.addRow(row, row.length);
    }
    return ranks;
  }

  private static int fanout(Random random) {
    return random.nextInt(6) == 0 ? Fanout.ALL : 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
  }

  @Test
  void drawsAnotherSampleForAnotherBatchSeedOrHop() {
    NeighborSampler sampler = NeighborSampler.of(Graphs.star(1000), Fanout.of(10, 10));
    int[] first = drawn(sampler.sample(new int[] {0}, 1), 1);
    int[] again = drawn(sampler.sample(new int[] {0}, 1), 1);
    int[] otherSeed = drawn(sampler.sample(new int[] {0}, 2), 1);
    int[] otherHop = drawn(sampler.sample(new int[] {0}, 1), 0);

    assertArrayEquals(first, again);
    assertTrue(!Arrays.equals(first, otherSeed) && !Arrays.equals(first, otherHop));
  }

  private static int[] drawn(SampledBatch batch, int layer) {
    MfgLayer mfg = batch.layer(layer);
    return Arrays.stream(mfg.indices(), 0, mfg.indptr()[1])
        .map(local -> batch.nodes()[local])
        .toArray();
  }

  @Test
  void takesAnotherFanoutForACall() {
    NeighborSampler sampler = NeighborSampler.of(Graphs.cycle(10), Fanout.of(2));

    assertEquals(2, sampler.sample(new int[] {5}, Fanout.of(1, 1), 1).numLayers());
    assertEquals(0, sampler.sample(new int[] {5}, Fanout.of(), 1).numLayers());
    SampledBatch batch = sampler.sample(new int[] {5}, 1);
    assertEquals(1, batch.numLayers());
    assertEquals(2, batch.numEdges());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.layer(1));
  }

  /** The whole way from batch seed to draw: 64 nodes of degree 2 and fanout 1, at two hops. */
  @Test
  void drawsEitherNeighborEquallyOftenFromBatchToBatch() {
    int rounds = 20_000;
    for (Draw draw : DRAWS) {
      NeighborSampler sampler =
          NeighborSampler.builder(Graphs.cycle(64), Fanout.of(1, 1)).draw(draw).build();
      long[][] forward = new long[2][64];
      int[] seeds = IntStream.range(0, 64).toArray();
      for (int round = 0; round < rounds; round++) {
        SampledBatch batch =
            sampler.sample(seeds, BatchRandom.batchSeed(9, round / 100, round % 100));
        for (int layer = 0; layer < 2; layer++) {
          for (int v = 0; v < 64; v++) {
            forward[layer][v] +=
                batch.nodes()[batch.layer(layer).indices()[v]] == (v + 1) % 64 ? 1 : 0;
          }
        }
      }
      for (long[] counts : forward) {
        double chiSquare = 0;
        for (long count : counts) {
          chiSquare += (count - rounds / 2.0) * (count - rounds / 2.0) / (rounds / 4.0);
        }
        ChiSquare.assertBelowCritical(chiSquare, 64, "either neighbour, draw=" + draw);
      }
    }
  }

  @Test
  void rejectsSeedOutOfRange() {
    NeighborSampler sampler = NeighborSampler.of(Graphs.cycle(10), Fanout.of(2));

    assertEquals(
        "seed out of range: seed=10, numNodes=10",
        assertThrows(BadInputException.class, () -> sampler.sample(new int[] {10}, 1))
            .getMessage());
    assertThrows(BadInputException.class, () -> sampler.sample(new int[] {-1}, 1));
  }

  @Test
  void rejectsACorruptGraph() {
    NeighborSampler falling =
        NeighborSampler.of(CsrGraph.of(new long[] {0, 5, 3}, new int[3]), Fanout.of(2));
    NeighborSampler negative =
        NeighborSampler.of(CsrGraph.of(new long[] {0, -2, 3}, new int[3]), Fanout.of(2));
    NeighborSampler wild = NeighborSampler.of(Graphs.ofRows(new int[] {1, -3}), Fanout.of(2));

    for (int seed = 0; seed < 2; seed++) {
      int[] seeds = {seed};
      assertThrows(BadInputException.class, () -> falling.sample(seeds, 1));
      assertThrows(BadInputException.class, () -> negative.sample(seeds, 1));
    }
    assertEquals(
        "row bounds out of range: node=0, start=0, end=5, numEdges=3",
        assertThrows(BadInputException.class, () -> falling.sample(new int[] {0}, 1)).getMessage());
    assertEquals(
        "neighbour id out of range: position=0, id=1, numNodes=1",
        assertThrows(BadInputException.class, () -> wild.sample(new int[] {0}, 1)).getMessage());
  }

  @Test
  void rejectsNeighborsAboveAndBelowTheRange() {
    for (int neighbor : new int[] {1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      NeighborSampler sampler =
          NeighborSampler.of(Graphs.ofRows(new int[] {0, neighbor}), Fanout.of(2));
      assertEquals(
          "neighbour id out of range: position=1, id=" + neighbor + ", numNodes=1",
          assertThrows(BadInputException.class, () -> sampler.sample(new int[] {0}, 1))
              .getMessage());
    }
  }

  private static void assertLayer(
      MfgLayer layer, int numDst, int numSrc, int[] indptr, int[] indices) {
    assertEquals(numDst, layer.numDst());
    assertEquals(numSrc, layer.numSrc());
    assertArrayEquals(indptr, Arrays.copyOf(layer.indptr(), layer.numDst() + 1));
    assertArrayEquals(indices, Arrays.copyOf(layer.indices(), layer.numEdges()));
  }

  private static void assertSame(
      ReferenceSampler.Batch expected, SampledBatch actual, String what) {
    assertArrayEquals(
        expected.nodes().stream().mapToInt(i -> i).toArray(),
        Arrays.copyOf(actual.nodes(), actual.numNodes()),
        what);
    for (int hop = 1; hop <= expected.hops().size(); hop++) {
      ReferenceSampler.Hop reference = expected.hops().get(hop - 1);
      MfgLayer layer = actual.layer(actual.numLayers() - hop);
      assertEquals(reference.numDst(), layer.numDst(), what);
      assertEquals(reference.numSrc(), layer.numSrc(), what);
      assertArrayEquals(
          reference.positions().stream().mapToLong(position -> position).toArray(),
          Arrays.copyOf(layer.positions(), layer.numEdges()),
          what);
      for (int e = 0; layer.hasScale() && e < layer.numEdges(); e++) {
        assertEquals(reference.scale().get(e), layer.scale()[e], what);
      }
      for (int i = 0; i < layer.numDst(); i++) {
        assertArrayEquals(
            reference.rows().get(i).stream().mapToInt(id -> id).toArray(),
            Arrays.copyOfRange(layer.indices(), layer.indptr()[i], layer.indptr()[i + 1]),
            what + ", hop=" + hop + ", destination=" + i);
      }
    }
  }
}
