package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.sampler.draw.ChiSquare;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.TimeRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of draws at a time, and that nothing of the future is seen. */
class TimedLawTest {
  private static final int ROUNDS = 40_000;

  /** Two rows of 7 edges at 1 to 7: at time 6, a window of 3 leaves those at 3, 4 and 5. */
  private static final TimedGraph ROWS =
      TimedGraph.of(
          9,
          IntStream.range(0, 14).flatMap(i -> IntStream.of(2 + i % 7, i / 7, 1 + i % 7)).toArray());

  private static final float[] WEIGHTS = {9, 9, 1, 2, 3, 9, 9, 9, 9, 1, 2, 3, 9, 9};

  private static final TimeRule WINDOW = TimeRule.before().window(3);

  @Test
  void subsetsOfTheEdgesThatCountHaveTheirProbabilities() {
    assertSubsets(Draw.uniform(), new float[] {1, 1, 1});
    assertSubsets(Draw.weighted(), new float[] {1, 2, 3});
  }

  private static void assertSubsets(Draw draw, float[] weights) {
    double[] law = DrawLaws.subsets(weights, 2);
    NeighborSampler sampler = sampler(draw);
    int[] counts = new int[8];
    for (int round = 0; round < ROUNDS; round++) {
      counts[subset(sampler.sample(new int[] {0}, new long[] {6}, Fanout.of(2), seed(round)), 0)]++;
    }
    double chiSquare = 0;
    for (int subset = 0; subset < law.length; subset++) {
      double expected = ROUNDS * law[subset];
      if (expected == 0) {
        assertEquals(0, counts[subset]);
      } else {
        chiSquare += (counts[subset] - expected) * (counts[subset] - expected) / expected;
      }
    }
    ChiSquare.assertBelowCritical(chiSquare, 2, draw.toString());
  }

  /** Edges of a hub before a time, of which a tenth is drawn. */
  @Test
  void everyEdgeThatCountsIsIncludedEquallyOften() {
    int degree = 400;
    TimedGraph hub =
        TimedGraph.of(
            degree + 1,
            IntStream.range(0, degree).flatMap(i -> IntStream.of(i + 1, 0, i)).toArray());
    Fanout fanout = Fanout.of(30);
    NeighborSampler sampler = TimedSamplerTest.builder(hub, fanout, TimeRule.before()).build();
    int[] counts = new int[degree];
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      DrawLaws.ranks(sampler.sample(new int[1], new long[] {300}, fanout, seed(round)))
          .forEach(rank -> counts[rank]++);
    }
    double p = .1;
    for (int rank = 0; rank < 300; rank++) {
      double z = (counts[rank] - rounds * p) / Math.sqrt(rounds * p * (1 - p));
      assertTrue(Math.abs(z) < 4.5, "rank=" + rank + ", z=" + z);
    }
    assertEquals(0, Arrays.stream(counts, 300, degree).sum());
  }

  @Test
  void nodesTimesHopsAndBatchesAreDrawnIndependently() {
    for (Draw draw : List.of(Draw.uniform(), Draw.weighted())) {
      NeighborSampler sampler = sampler(draw);
      Fanout two = Fanout.of(2);
      int[] both = {0, 1};
      assertIndependent(
          seed -> pair(sampler.sample(both, new long[] {6, 6}, two, seed), 0, 0, 1), "two nodes");
      // at 2^32 + 6 without a window, another sampler: the high half of the time is in the key
      NeighborSampler early =
          TimedSamplerTest.builder(ROWS, two, TimeRule.before())
              .draw(draw)
              .weights(ROWS.weights(WEIGHTS))
              .build();
      assertIndependent(
          seed -> pair(early.sample(new int[2], new long[] {4, 1L << 32}, two, seed), 0, 0, 1),
          "two times");
      Fanout hops = Fanout.of(2, 2);
      assertIndependent(
          seed -> {
            SampledBatch batch = sampler.sample(new int[1], new long[] {6}, hops, seed);
            return subset(batch, 0) << 7 | subset(batch, 1);
          },
          "two hops");
      assertIndependent(
          seed ->
              subset(sampler.sample(new int[1], new long[] {6}, two, seed), 0) << 7
                  | subset(sampler.sample(new int[1], new long[] {6}, two, ~seed), 0),
          "two batches");
    }
  }

  private static NeighborSampler sampler(Draw draw) {
    return TimedSamplerTest.builder(ROWS, Fanout.of(2), WINDOW)
        .draw(draw)
        .weights(ROWS.weights(WEIGHTS))
        .build();
  }

  private static long seed(int round) {
    return DrawLaws.seed(round);
  }

  /** The edges of seed 0, with the first that the window leaves as bit 0. */
  private static int subset(SampledBatch batch, int layer) {
    return row(batch.layer(layer), 0) >>> 2;
  }

  private static int pair(SampledBatch batch, int layer, int row, int other) {
    return row(batch.layer(layer), row) << 7 | row(batch.layer(layer), other);
  }

  private static int row(MfgLayer layer, int row) {
    return Arrays.stream(layer.positions(), layer.indptr()[row], layer.indptr()[row + 1])
        .mapToInt(position -> 1 << position % 7)
        .reduce(0, (a, b) -> a | b);
  }

  private static void assertIndependent(LongFunction<Integer> pairOfSubsets, String what) {
    double[] counts = new double[1 << 14];
    double[] first = new double[1 << 7];
    double[] second = new double[1 << 7];
    for (int round = 0; round < ROUNDS; round++) {
      int pair = pairOfSubsets.apply(seed(round));
      counts[pair]++;
      first[pair >>> 7] += 1.0 / ROUNDS;
      second[pair & 127] += 1.0 / ROUNDS;
    }
    double chiSquare = 0;
    for (int pair = 0; pair < counts.length; pair++) {
      double expected = ROUNDS * first[pair >>> 7] * second[pair & 127];
      if (expected > 0) {
        chiSquare += (counts[pair] - expected) * (counts[pair] - expected) / expected;
      }
    }
    ChiSquare.assertBelowCritical(
        chiSquare, (numPositive(first) - 1) * (numPositive(second) - 1), what);
  }

  private static double numPositive(double[] shares) {
    return Arrays.stream(shares).filter(share -> share > 0).count();
  }

  @Test
  void nothingFromATimeOnChangesABatchBeforeIt() {
    Random random = new Random(5);
    List<TimedGraph.Event> events = TimedGraph.randomEvents(200, 6000, 50, random);
    assertInvariant(200, events, 0, random);
  }

  /** The same on graphs with real times, which the project does not ship. */
  @Tag("exhaustive")
  @ParameterizedTest
  @ValueSource(strings = {"collegemsg", "wikipedia"})
  void nothingFromATimeOnChangesABatchOfARealGraphBeforeIt(String name, @TempDir Path folder) {
    Path file =
        Path.of(System.getProperty("millrace.test.data", "none"))
            .resolveSibling("data-temporal/" + name + "/edges.csv.gz");
    assumeTrue(Files.exists(file), "no such file: " + file);
    Path out = folder.resolve(name);
    EdgeListOptions options = EdgeListOptions.defaults().withTimeColumn("time");
    if (name.equals("wikipedia")) {
      options = options.withColumns("user", "page");
    }
    EdgeListImporter.importFiles(
        List.of(file), options, out, ImportOptions.defaults().withUndirected(true), Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out, StorageMode.IN_MEMORY)) {
      List<TimedGraph.Event> events = new ArrayList<>();
      EdgeTimes times = EdgeTimes.of(data);
      for (int dst = 0; dst < data.graph().numNodes(); dst++) {
        for (long p = data.graph().rowStart(dst); p < data.graph().rowStart(dst + 1); p++) {
          events.add(new TimedGraph.Event(data.graph().neighbor(p), dst, times.time(p)));
        }
      }
      long[] sorted = events.stream().mapToLong(TimedGraph.Event::time).sorted().toArray();
      for (double share : new double[] {.2, .5, .7, .85}) {
        long until = sorted[(int) (share * sorted.length)];
        assertInvariant(data.graph().numNodes(), events, until, new Random(7));
      }
    }
  }

  /** Replaces all events from {@code until} on by random ones, and drops them. */
  private static void assertInvariant(
      int numNodes, List<TimedGraph.Event> events, long until, Random random) {
    List<TimedGraph.Event> past = events.stream().filter(event -> event.time() < until).toList();
    assertTrue(past.size() > 100 && past.size() < events.size());
    List<TimedGraph.Event> changed = new ArrayList<>();
    for (TimedGraph.Event event : events) {
      changed.add(
          event.time() < until
              ? event
              : new TimedGraph.Event(
                  random.nextInt(numNodes),
                  random.nextInt(numNodes),
                  until + random.nextInt(1 << 24)));
    }
    List<TimedGraph> graphs =
        List.of(
            TimedGraph.of(numNodes, events),
            TimedGraph.of(numNodes, changed),
            TimedGraph.of(numNodes, past));
    int[] seeds = random.ints(300, 0, numNodes).toArray();
    long[] times =
        Arrays.stream(seeds)
            .mapToLong(_ -> Math.min(until, past.get(random.nextInt(past.size())).time() + 1))
            .toArray();
    for (Draw draw : List.of(Draw.uniform(), Draw.weighted(), Draw.latest())) {
      for (TimeRule.Sources sources : TimeRule.Sources.values()) {
        for (TimeRule rule : List.of(TimeRule.before(), TimeRule.before().window(1 << 20))) {
          Fanout fanout = Fanout.of(8, 5);
          List<String> batches =
              graphs.stream()
                  .map(
                      graph ->
                          text(
                              graph,
                              TimedSamplerTest.builder(graph, fanout, rule.sources(sources))
                                  .draw(draw)
                                  .weights(graph.weights(weights(graph)))
                                  .build()
                                  .sample(seeds, times, fanout, 3)))
                  .toList();
          assertEquals(batches.get(0), batches.get(1), draw + ", " + rule + ": changed");
          assertEquals(batches.get(0), batches.get(2), draw + ", " + rule + ": dropped");
        }
      }
    }
  }

  /** Each follows from its edge. */
  private static float[] weights(TimedGraph graph) {
    float[] weights = new float[graph.times().length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.floorMod(graph.times()[i] + graph.graph().neighbor(i), 5);
    }
    return weights;
  }

  /** All that a model reads of a batch: entries, edges, and the edges' times. */
  private static String text(TimedGraph graph, SampledBatch batch) {
    StringBuilder text = new StringBuilder(TimedSamplerTest.entries(batch));
    for (int l = 0; l < batch.numLayers(); l++) {
      MfgLayer layer = batch.layer(l);
      text.append(Arrays.toString(Arrays.copyOf(layer.indptr(), layer.numDst() + 1)));
      text.append(Arrays.toString(Arrays.copyOf(layer.indices(), layer.numEdges())));
      Arrays.stream(layer.positions(), 0, layer.numEdges())
          .forEach(position -> text.append(' ').append(graph.times()[(int) position]));
    }
    return text.toString();
  }
}
