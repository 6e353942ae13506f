package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.ReferenceDraw;
import io.millrace.sampler.draw.TimeRule;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimedSamplerTest {
  private static final TimeRule BEFORE = TimeRule.before();
  private static final TimeRule UNTIL = BEFORE.until(true);
  private static final TimeRule EDGE = BEFORE.sources(TimeRule.Sources.EDGE);

  /** 1 to 4 write to 0. */
  private static final TimedGraph STAR = TimedGraph.of(5, 1, 0, 10, 2, 0, 20, 3, 0, 30, 4, 0, 40);

  /** Those that go with times. */
  private static final List<Draw> DRAWS =
      List.of(
          Draw.uniform(),
          Draw.withReplacement(),
          Draw.weighted(),
          Draw.weightedEstimate(),
          Draw.latest());

  @Test
  void aNodeAtTwoTimesIsTwoEntries() {
    assertEquals(
        "(0,25) (0,15) (1,25) (2,25) (1,15)",
        entries(all(STAR, BEFORE, 1, new int[] {0, 0}, 25, 15)));
  }

  @Test
  void anEdgeAtTheVeryTimeCountsOnlyUntilIt() {
    assertEquals("(0,20) (1,20)", entries(all(STAR, BEFORE, 1, new int[] {0}, 20)));
    assertEquals("(0,20) (1,20) (2,20)", entries(all(STAR, UNTIL, 1, new int[] {0}, 20)));
    TimedGraph two = TimedGraph.of(3, 1, 0, 7, 2, 0, 8);
    assertEquals("(0,7) (1,7)", entries(all(two, UNTIL, 1, new int[] {0}, 7)));
  }

  @Test
  void aWindowBeginsAtItsFirstTime() {
    TimeRule window = BEFORE.window(10);
    assertEquals("(0,30) (2,30)", entries(all(STAR, window, 1, new int[] {0}, 30)));
    assertEquals(
        "(0,30) (2,30) (3,30)", entries(all(STAR, window.until(true), 1, new int[] {0}, 30)));
    assertEquals(
        "(0,-9223372036854775808)", entries(all(STAR, window, 1, new int[] {0}, Long.MIN_VALUE)));
  }

  @Test
  void latestTakesTheEdgesBeforeTheTimeThatAreLast() {
    TimedGraph row = TimedGraph.of(4, 1, 0, 1, 2, 0, 3, 3, 0, 7);
    assertEquals("(0,8) (2,8) (3,8)", entries(latest(row, 8)));
    assertEquals("(0,7) (1,7) (2,7)", entries(latest(row, 7)));
    TimedGraph ties = TimedGraph.of(4, 3, 0, 5, 2, 0, 5, 1, 0, 5);
    assertEquals("(0,6) (2,6) (1,6)", entries(latest(ties, 6)), "the later in the input");
  }

  private static SampledBatch latest(TimedGraph graph, long time) {
    return builder(graph, Fanout.of(2), BEFORE)
        .draw(Draw.latest())
        .build()
        .sample(new int[] {0}, new long[] {time}, Fanout.of(2), 1);
  }

  /** A writes to the root at 3; to A write B at 8 and C at 2. */
  @Test
  void sourcesAreAtTheTimeOfTheSeedOrOfTheEdge() {
    TimedGraph path = TimedGraph.of(4, 1, 0, 3, 2, 1, 8, 3, 1, 2);
    assertEquals("(0,10) (1,10) (3,10) (2,10)", entries(all(path, BEFORE, 2, new int[] {0}, 10)));
    assertEquals("(0,10) (1,3) (3,2)", entries(all(path, EDGE, 2, new int[] {0}, 10)));
  }

  @Test
  void equalEntriesOfTwoSeedsAreOne() {
    TimedGraph graph = TimedGraph.of(3, 1, 0, 5, 2, 0, 5, 1, 0, 9, 1, 2, 4);
    int[] seeds = {0, 0};
    assertEquals(
        "(0,10) (0,6) (1,10) (2,10) (1,6) (2,6)", entries(all(graph, BEFORE, 2, seeds, 10, 6)));
    assertEquals(
        "(0,10) (0,6) (1,5) (2,5) (1,9) (1,4)", entries(all(graph, EDGE, 2, seeds, 10, 6)));
    SampledBatch batch = all(graph, BEFORE, 1, new int[] {0, 2, 0, 0}, 10, 1, 6, 10);
    assertArrayEquals(new int[] {0, 1, 2, 0}, batch.seedLocalIds());
    assertEquals(3, batch.numSeeds());
  }

  /** The cases of pyg-lib: each node has edges from the one before and the one after. */
  @Test
  void takesTheCycleHopByHop() {
    int[] numbers =
        IntStream.range(0, 6)
            .flatMap(v -> IntStream.of((v + 5) % 6, v, (v + 5) % 6, (v + 1) % 6, v, (v + 1) % 6))
            .toArray();
    TimedGraph bySource = TimedGraph.of(6, numbers);
    SampledBatch until = all(bySource, UNTIL, 2, new int[] {2, 3}, 2, 3);
    assertPositions(until.layer(1), 4, 6);
    assertPositions(until.layer(0), 4, 6, 2, 3, 4, 5);
    assertPositions(all(bySource, BEFORE, 2, new int[] {2, 3}, 2, 3).layer(0), 4, 6, 2, 4);

    CsrGraph cycle = Graphs.cycle(6);
    TimedGraph byPosition = new TimedGraph(cycle, IntStream.range(0, 12).asLongStream().toArray());
    SampledBatch batch = all(byPosition, UNTIL, 2, new int[] {2, 3}, 5, 6);
    assertPositions(batch.layer(1), 4, 5, 6);
    assertPositions(batch.layer(0), 4, 5, 6, 2, 3, 4, 5);
    assertArrayEquals(
        new int[] {0, 2, 3, 5, 5, 7}, Arrays.copyOf(batch.layer(0).indptr(), 6), "(3,5): none");
    assertEquals(0, all(byPosition, UNTIL, 2, new int[] {2, 3}, -1, -1).numEdges());
  }

  @Test
  void seedsWithoutTimesSeeEverything() {
    NeighborSampler sampler = builder(STAR, Fanout.of(Fanout.ALL), BEFORE.window(1)).build();
    assertEquals(4, sampler.sample(new int[] {0}, 1).numEdges());
    assertEquals(TimeRule.NO_LIMIT, sampler.sample(new int[] {0}, 1).times()[0]);
  }

  @Test
  void matchesTheReferenceOnRandomGraphs() {
    for (int round = 0; round < 60; round++) {
      Random random = new Random(round);
      int numNodes = 1 + random.nextInt(400);
      TimedGraph timed =
          TimedGraph.of(
              numNodes,
              TimedGraph.randomEvents(
                  numNodes, random.nextInt(12_000), 1 + random.nextInt(80), random));
      float[] weights = Graphs.weights(timed.graph(), random);
      Draw draw = DRAWS.get(round % DRAWS.size());
      TimeRule rule =
          new TimeRule(
              random.nextBoolean(),
              random.nextBoolean() ? BEFORE.window() : BEFORE.window(30_000_000_000L).window(),
              TimeRule.Sources.values()[random.nextInt(2)]);
      Fanout fanout = Fanout.of(fanout(random), fanout(random));
      NeighborSampler sampler =
          builder(timed, fanout, rule).draw(draw).weights(timed.weights(weights)).build();
      for (int call = 0; call < 3; call++) {
        int[] seeds = random.ints(1 + random.nextInt(60), 0, numNodes).toArray();
        long[] times =
            Arrays.stream(seeds)
                .mapToLong(_ -> random.nextInt(12) == 0 ? TimeRule.NO_LIMIT : time(random))
                .toArray();
        assertSame(
            ReferenceTimedSampler.sample(
                new ReferenceDraw(timed.graph(), weights, draw),
                timed.times(),
                rule,
                fanout,
                seeds,
                times,
                round),
            sampler.sample(seeds, times, fanout, round),
            "round=" + round + ", draw=" + draw + ", rule=" + rule + ", fanout=" + fanout);
      }
    }
  }

  private static long time(Random random) {
    return (random.nextInt(90) - 45) * 3_000_000_000L;
  }

  private static int fanout(Random random) {
    return random.nextInt(6) == 0 ? Fanout.ALL : 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
  }

  private static void assertSame(
      ReferenceTimedSampler.Batch expected, SampledBatch batch, String what) {
    assertEquals(
        expected.entries().stream()
            .map(entry -> "(" + entry.node() + "," + entry.time() + ")")
            .collect(Collectors.joining(" ")),
        entries(batch),
        what);
    for (int hop = 1; hop <= batch.numLayers(); hop++) {
      MfgLayer layer = batch.layer(batch.numLayers() - hop);
      ReferenceTimedSampler.Hop need = expected.hops().get(hop - 1);
      assertEquals(need.rows().size(), layer.numDst(), what);
      assertPositions(layer, need.positions().stream().mapToLong(position -> position).toArray());
      assertArrayEquals(
          need.rows().stream().flatMap(List::stream).mapToInt(local -> local).toArray(),
          Arrays.copyOf(layer.indices(), layer.numEdges()),
          what);
    }
  }

  @Test
  void theDegreeAtATimeIsTheNumberOfEdgesThatCount() {
    EdgeTimes times = STAR.edgeTimes();
    assertEquals(2, BEFORE.degree(times, 0, 30));
    assertEquals(3, UNTIL.degree(times, 0, 30));
    assertEquals(1, BEFORE.window(10).degree(times, 0, 30));
    assertEquals(4, BEFORE.window(10).degree(times, 0, TimeRule.NO_LIMIT));
    assertEquals(0, BEFORE.degree(times, 1, 30));
  }

  @Test
  void rejectsWhatDoesNotGoWithTimes() {
    rejects("this draw does not go with times: draw=labor", builder().draw(Draw.labor()));
    rejects(
        "this draw does not go with times: draw=weighted-replace",
        builder().draw(Draw.weightedWithReplacement()));
    rejects("draws by weight need edge weights: draw=weighted", builder().draw(Draw.weighted()));
    rejects(
        "entries with times need a hash map: idMap=DIRECT_ADDRESS",
        builder().idMap(IdMapKind.DIRECT_ADDRESS));
    rejects(
        "draws by time need edge times: draw=latest",
        NeighborSampler.builder(STAR.graph(), Fanout.of(1)).draw(Draw.latest()));
    Fanout one = Fanout.of(1);
    rejects(
        "seeds with times need a sampler with times of edges: seeds=1",
        () -> NeighborSampler.of(STAR.graph(), one).sample(new int[1], new long[1], one, 1));
    rejects(
        "need one time per seed: seeds=1, times=2",
        () -> builder().build().sample(new int[1], new long[2], one, 1));
    rejects("need 0 or more: window=-1", () -> BEFORE.window(-1));
    rejects(
        "edges of a row are not in order of time, import the dataset again: file=in memory, row=1",
        () ->
            EdgeTimes.of(
                Graphs.ofRows(new int[] {0}, new int[] {0, 0}),
                MemorySegment.ofArray(new long[] {9, 3, 2})));
    rejects(
        "need one time per edge: file=in memory, bytes=8, numEdges=4",
        () -> EdgeTimes.of(STAR.graph(), MemorySegment.ofArray(new long[1])));
  }

  /** What an application may have: a graph whose positions are not those of the times. */
  @Test
  void rejectsTimesOfAGraphOfSeveralParts() {
    AdjacencyRows whole = new CsrRows(STAR.graph());
    AdjacencyRows parts =
        new AdjacencyRows() {
          @Override
          public int numNodes() {
            return whole.numNodes();
          }

          @Override
          public void bounds(int[] nodes, int begin, int end, long[] starts, long[] lengths) {
            whole.bounds(nodes, begin, end, starts, lengths);
          }

          @Override
          public void neighbors(DrawnEdges edges, int count) {
            whole.neighbors(edges, count);
          }
        };
    rejects(
        "edges of a graph of several parts have no lasting positions: draw=uniform,"
            + " edgePositions=false",
        () -> NeighborSampler.builder(parts, Fanout.of(1)).times(STAR.edgeTimes(), BEFORE).build());
  }

  private static void rejects(String message, SamplerBuilder builder) {
    rejects(message, builder::build);
  }

  private static void rejects(String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(BadInputException.class, call).getMessage());
  }

  private static SamplerBuilder builder() {
    return builder(STAR, Fanout.of(1), BEFORE);
  }

  static SamplerBuilder builder(TimedGraph graph, Fanout fanout, TimeRule rule) {
    return NeighborSampler.builder(graph.graph(), fanout)
        .times(graph.edgeTimes(), rule)
        .edgePositions(true);
  }

  private static SampledBatch all(
      TimedGraph graph, TimeRule rule, int numHops, int[] seeds, long... times) {
    Fanout fanout = Fanout.uniform(Fanout.ALL, numHops);
    return builder(graph, fanout, rule).build().sample(seeds, times, fanout, 1);
  }

  static String entries(SampledBatch batch) {
    return IntStream.range(0, batch.numNodes())
        .mapToObj(i -> "(" + batch.nodes()[i] + "," + batch.times()[i] + ")")
        .collect(Collectors.joining(" "));
  }

  private static void assertPositions(MfgLayer layer, long... expected) {
    assertArrayEquals(expected, Arrays.copyOf(layer.positions(), layer.numEdges()));
  }
}
