package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.ExcludedRanks;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cases by hand, and what holds for every draw by weight. */
class DrawTest {
  private static final List<Draw> WEIGHTED = Draw.ALL.stream().filter(Draw::needsWeights).toList();

  @Test
  void edgesOfWeightZeroDoNotExist() {
    int[][] cycle = new int[6][];
    float[] weights = new float[12];
    for (int v = 0; v < 6; v++) {
      cycle[v] = new int[] {(v + 5) % 6, (v + 1) % 6};
      weights[2 * v] = 1;
    }
    for (Draw draw : WEIGHTED) {
      for (int k : new int[] {1, 2, Fanout.ALL}) {
        SampledBatch batch =
            DrawLaws.builder(cycle, weights, draw, Fanout.of(k))
                .build()
                .sample(new int[] {0, 1}, 1);
        assertArrayEquals(new int[] {0, 1, 5}, Arrays.copyOf(batch.nodes(), batch.numNodes()));
        assertTrue(
            Arrays.stream(batch.layer(0).positions(), 0, batch.layer(0).numEdges())
                .allMatch(position -> position == 0 || position == 2));
      }
    }
  }

  @Test
  void theWholeGraphHasEdgesOfWeightZeroIfAskedFor() {
    int[][] rows = {{1, 2}, {0}, {0, 1}};
    float[] weights = {0, 1, 1, 0, 1};
    for (Draw draw : WEIGHTED) {
      NeighborSampler sampler =
          DrawLaws.builder(rows, weights, draw, Fanout.of(Fanout.ALL, Fanout.ALL))
              .wholeGraph(true)
              .build();
      int stored = draw.hasScale() ? 1 : 2; // an edge that is scaled by 0 adds nothing
      assertEquals(stored, sampler.sample(new int[] {0}, 1).layer(1).numEdges(), draw.toString());
      Fanout partly = Fanout.of(Fanout.ALL, 5);
      assertEquals(1, sampler.sample(new int[] {0}, partly, 1).layer(1).numEdges());
    }
  }

  @Test
  void followsTheOnlyPositiveEdges() {
    int[][] rows = {{}, {0}, {1, 3}, {4}, {}};
    float[] weights = {0, 0, 1, 1};
    for (Draw draw : WEIGHTED) {
      SampledBatch batch =
          DrawLaws.builder(rows, weights, draw, Fanout.of(1, 1)).build().sample(new int[] {2}, 1);
      assertArrayEquals(new int[] {2, 3, 4}, Arrays.copyOf(batch.nodes(), batch.numNodes()));
    }
  }

  @Test
  void givesAsManyEdgesAsAreEligible() {
    CsrGraph graph =
        CsrGraph.of(new long[] {0, 3, 5, 7, 9, 12}, new int[] {0, 1, 4, 2, 3, 0, 1, 1, 2, 0, 3, 4});
    float[] weights = {2.5f, 0, 8.4f, 0, .4f, 1.2f, 2.5f, 0, 8.4f, .5f, .4f, 1.2f};
    for (Draw draw : WEIGHTED) {
      MfgLayer layer =
          NeighborSampler.builder(graph, Fanout.of(2))
              .draw(draw)
              .weights(EdgeWeights.of(graph, MemorySegment.ofArray(weights)))
              .build()
              .sample(new int[] {1, 3, 4}, 1)
              .layer(0);
      assertArrayEquals(
          draw.equals(Draw.weightedWithReplacement())
              ? new int[] {0, 2, 4, 6}
              : new int[] {0, 1, 2, 4},
          Arrays.copyOf(layer.indptr(), 4));
    }
  }

  @Test
  void neverDrawsAZeroWeightWhateverTheFanout() {
    float[] weights = {1, 0, 0, 1, 0, 1};
    int[] ks = {2, 3, 4, 7, 40, Fanout.ALL};
    int[] expected = {2, 3, 3, 3, 3, 3};
    for (int i = 0; i < ks.length; i++) {
      for (Draw draw : WEIGHTED) {
        boolean replaces = draw.equals(Draw.weightedWithReplacement()) && ks[i] > 0;
        NeighborSampler sampler = row(draw, weights, ks[i]);
        for (int seed = 0; seed < 100; seed++) {
          MfgLayer layer = sampler.sample(new int[] {0}, seed).layer(0);
          assertEquals(replaces ? ks[i] : expected[i], layer.numEdges(), draw + ", k=" + ks[i]);
          Set<Long> drawn = new TreeSet<>();
          Arrays.stream(layer.positions(), 0, layer.numEdges()).forEach(drawn::add);
          assertTrue(Set.of(0L, 3L, 5L).containsAll(drawn));
          assertTrue(replaces || drawn.size() == layer.numEdges());
        }
        MfgLayer none = row(draw, new float[6], ks[i]).sample(new int[] {0}, 1).layer(0);
        assertEquals(0, none.numEdges(), draw + ", all weights zero");
      }
    }
  }

  @Test
  void weightsTimesAPowerOfTwoGiveTheSameEdges() {
    Random random = new Random(3);
    CsrGraph graph = Graphs.random(500, random);
    float[] weights = Graphs.weights(graph, random);
    float[] larger = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      larger[i] = weights[i] * 1024;
    }
    int[] seeds = IntStream.range(0, 50).toArray();
    for (Draw draw : WEIGHTED) {
      SampledBatch batch = sampler(graph, weights, draw).sample(seeds, 7);
      SampledBatch other = sampler(graph, larger, draw).sample(seeds, 7);
      for (int layer = 0; layer < 2; layer++) {
        int numEdges = batch.layer(layer).numEdges();
        assertArrayEquals(
            Arrays.copyOf(batch.layer(layer).positions(), numEdges),
            Arrays.copyOf(other.layer(layer).positions(), other.layer(layer).numEdges()));
      }
    }
  }

  private static NeighborSampler sampler(CsrGraph graph, float[] weights, Draw draw) {
    return NeighborSampler.builder(graph, Fanout.of(4, 50))
        .draw(draw)
        .edgePositions(true)
        .weights(EdgeWeights.of(graph, MemorySegment.ofArray(weights)))
        .build();
  }

  @Test
  void drawsTheSameWithEitherIdMap() {
    Random random = new Random(8);
    CsrGraph graph = Graphs.random(2000, random);
    EdgeWeights weights =
        EdgeWeights.of(graph, MemorySegment.ofArray(Graphs.weights(graph, random)));
    int[] seeds = IntStream.range(0, 700).toArray();
    for (Draw draw : DrawLaws.UNTIMED) {
      SamplerBuilder builder =
          NeighborSampler.builder(graph, Fanout.of(10, 5)).draw(draw).weights(weights);
      SampledBatch hash = builder.idMap(IdMapKind.FLAT_HASH).build().sample(seeds, 5);
      SampledBatch direct = builder.idMap(IdMapKind.DIRECT_ADDRESS).build().sample(seeds, 5);
      assertArrayEquals(
          Arrays.copyOf(hash.nodes(), hash.numNodes()),
          Arrays.copyOf(direct.nodes(), direct.numNodes()));
    }
  }

  @Test
  void aRowWithoutItsExcludedEdgesStillGivesTheFanout() {
    ExcludedRanks excluded = new ExcludedRanks();
    excluded.addRow(new int[] {1, 3}, 2);
    NeighborSampler sampler = row(Draw.uniform(), new float[5], 3);
    for (int seed = 0; seed < 100; seed++) {
      MfgLayer layer = sampler.sample(new int[] {0}, Fanout.of(3), seed, excluded).layer(0);
      long[] drawn = Arrays.copyOf(layer.positions(), layer.numEdges());
      Arrays.sort(drawn);
      assertArrayEquals(new long[] {0, 2, 4}, drawn);
    }
    excluded.clear();
    excluded.addRow(new int[] {0, 1, 4}, 3);
    int[] counts = new int[5];
    for (int seed = 0; seed < 10_000; seed++) {
      MfgLayer layer = sampler.sample(new int[] {0}, Fanout.of(1), seed, excluded).layer(0);
      counts[(int) layer.positions()[0]]++;
    }
    assertEquals(10_000, counts[2] + counts[3]);
    assertEquals(5000, counts[2], 4.5 * 50);
  }

  @Test
  void aRowOfExcludedEdgesGivesNone() {
    ExcludedRanks excluded = new ExcludedRanks();
    excluded.addRow(new int[] {0, 1, 2}, 3);
    for (Draw draw : DrawLaws.UNTIMED) {
      NeighborSampler sampler = row(draw, new float[] {1, 2, 3}, 2);
      for (int k : new int[] {1, 2, 3, Fanout.ALL}) {
        SampledBatch batch = sampler.sample(new int[] {0}, Fanout.of(k, k), 1, excluded);
        assertEquals(0, batch.numEdges(), draw + ", k=" + k);
      }
    }
  }

  @Test
  void everyNameIsReadBack() {
    Draw.ALL.forEach(draw -> assertEquals(draw, Draw.parse(draw.toString())));
    assertEquals(
        "no such draw: draw=best, known=uniform|replace|weighted|weighted-estimate|"
            + "weighted-replace|labor|labor-dependent|latest",
        assertThrows(BadInputException.class, () -> Draw.parse("best")).getMessage());
  }

  @Test
  void rejectsWeightsThatAreWrong() {
    CsrGraph graph = Graphs.ofRows(new int[] {}, new int[] {0, 1}, new int[] {}, new int[] {2});
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      MemorySegment weights = MemorySegment.ofArray(new float[] {1, 0, bad});
      assertEquals(
          "an edge's weight must be 0 or more, and finite: file=in memory,"
              + " position=2, row=3, weight="
              + bad,
          assertThrows(BadInputException.class, () -> EdgeWeights.of(graph, weights)).getMessage());
    }
    assertEquals(
        "need one weight per edge: file=in memory, bytes=8, numEdges=3",
        assertThrows(
                BadInputException.class,
                () -> EdgeWeights.of(graph, MemorySegment.ofArray(new float[2])))
            .getMessage());
  }

  @Test
  void rejectsADrawByWeightWithoutWeights() {
    for (Draw draw : WEIGHTED) {
      SamplerBuilder builder = NeighborSampler.builder(Graphs.cycle(5), Fanout.of(1)).draw(draw);
      assertEquals(
          "draws by weight need edge weights: draw=" + draw,
          assertThrows(BadInputException.class, builder::build).getMessage());
    }
  }

  @Test
  void hasPositionsAndScaleOnlyIfAskedFor() {
    MfgLayer layer =
        NeighborSampler.of(Graphs.cycle(5), Fanout.of(1)).sample(new int[] {0}, 1).layer(0);
    assertThrows(IllegalStateException.class, layer::positions);
    assertThrows(IllegalStateException.class, layer::scale);
  }

  private static NeighborSampler row(Draw draw, float[] weights, int k) {
    int[][] rows = new int[weights.length + 1][0];
    rows[0] = IntStream.rangeClosed(1, weights.length).toArray();
    return DrawLaws.builder(rows, weights, draw, Fanout.of(k)).build();
  }
}
