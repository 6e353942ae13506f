package io.millrace.sampler.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkPlanTest {
  private static final Negatives ONE = Negatives.destination();
  private static final Negatives IN_BATCH = ONE.kind(Negatives.Kind.IN_BATCH);

  private static CsrGraph undirected(int numNodes, int... ends) {
    return graph(numNodes, EdgeOptions.UNDIRECTED, ends);
  }

  private static CsrGraph graph(int numNodes, EdgeOptions options, int... ends) {
    int[] src = IntStream.range(0, ends.length / 2).map(i -> ends[2 * i]).toArray();
    int[] dst = IntStream.range(0, ends.length / 2).map(i -> ends[2 * i + 1]).toArray();
    return CsrBuilder.build(numNodes, src, dst, options);
  }

  private static LinkPlan.Batches inOrder(LinkPlan plan, int batchSize) {
    int[] all = IntStream.range(0, plan.size()).toArray();
    return plan.batches(EpochPlan.inOrder(all, batchSize, 11).epoch(0));
  }

  private static SampledBatch sample(CsrGraph graph, LinkPlan.Batches batches, Fanout fanout) {
    return sample(graph, batches, 0, fanout);
  }

  private static SampledBatch sample(
      CsrGraph graph, LinkPlan.Batches batches, int batch, Fanout fanout) {
    ExcludedRanks excluded = new ExcludedRanks();
    batches.exclude(batch, excluded);
    return NeighborSampler.of(graph, fanout)
        .sample(batches.seeds(batch), fanout, batches.batchSeed(batch), excluded);
  }

  /** The edges "source>destination" of a layer between the seeds' first nodes, global ids. */
  private static Set<String> edges(SampledBatch sampled, int number) {
    MfgLayer layer = sampled.layer(number);
    Set<String> edges = new TreeSet<>();
    for (int dst = 0; dst < layer.numDst(); dst++) {
      for (int i = layer.indptr()[dst]; i < layer.indptr()[dst + 1]; i++) {
        edges.add(sampled.nodes()[layer.indices()[i]] + ">" + sampled.nodes()[dst]);
      }
    }
    return edges;
  }

  private static Set<String> oneHop(CsrGraph graph, LinkPlan plan, int fanout) {
    return edges(sample(graph, inOrder(plan, plan.size()), Fanout.of(fanout)), 0);
  }

  @Test
  void leavesTheTargetOutOfATriangleInBothDirections() {
    CsrGraph graph = undirected(3, 0, 1, 1, 2, 0, 2);
    EdgeLookup lookup = new EdgeLookup(graph, false);
    NodePairs link = NodePairs.of(0, 1);
    LinkPlan both = LinkPlan.of(link, IN_BATCH, lookup);
    assertEquals(Set.of("2>0", "2>1"), oneHop(graph, both, Fanout.ALL));
    LinkPlan oneWay = LinkPlan.of(link, IN_BATCH, lookup, false);
    assertEquals(Set.of("1>0", "2>0", "2>1"), oneHop(graph, oneWay, Fanout.ALL));
    LinkPlan seen = LinkPlan.withTargets(link, IN_BATCH, lookup);
    assertEquals(Set.of("1>0", "2>0", "0>1", "2>1"), oneHop(graph, seen, Fanout.ALL));
  }

  @Test
  void leavesOutAllParallelEdges() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 0, 4, 4, 4}, new int[] {0, 0, 2, 3});
    LinkPlan plan = LinkPlan.of(NodePairs.of(0, 1), IN_BATCH, new EdgeLookup(graph, true));
    assertEquals(Set.of("2>1", "3>1"), oneHop(graph, plan, Fanout.ALL));
  }

  @Test
  void aRowWithTargetsStillGivesAsManyEdgesAsTheFanout() {
    CsrGraph graph = graph(7, EdgeOptions.DIRECTED, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0);
    NodePairs links = NodePairs.of(2, 0, 4, 0); // ranks 1 and 3 of the row of 0
    LinkPlan plan = LinkPlan.of(links, IN_BATCH, new EdgeLookup(graph, true));
    assertEquals(Set.of("1>0", "3>0", "5>0"), oneHop(graph, plan, 3));
  }

  @Test
  void aPerfectMatchingLeavesAllRowsEmptyAtEveryHop() {
    CsrGraph graph = undirected(40, IntStream.range(0, 40).toArray());
    NodePairs links = NodePairs.ofGraph(graph, false);
    LinkPlan.Batches batches =
        inOrder(LinkPlan.of(links, IN_BATCH, new EdgeLookup(graph, false)), 7);
    for (int b = 0; b < batches.numBatches(); b++) {
      SampledBatch sampled = sample(graph, batches, b, Fanout.of(5, 5, Fanout.ALL));
      assertEquals(0, sampled.numEdges());
      assertEquals(sampled.numSeeds(), sampled.numNodes());
    }
  }

  @Test
  void noHopOfARandomGraphUsesATarget() {
    CsrGraph graph = undirected(60, new Random(1).ints(600, 0, 60).toArray());
    NodePairs links = NodePairs.ofGraph(graph, false);
    LinkPlan plan = LinkPlan.of(links, ONE.perPositive(2), new EdgeLookup(graph, false));
    int[] all = IntStream.range(0, plan.size()).toArray();
    LinkPlan.Batches batches = plan.batches(EpochPlan.of(all, 20, 3).epoch(1));
    Set<String> used = new TreeSet<>();
    for (int b = 0; b < batches.numBatches(); b++) {
      LinkSeeds seeds = batches.links(b);
      Set<String> targets = new TreeSet<>();
      for (int i = 0; i < seeds.numPositives(); i++) {
        int src = seeds.seeds()[seeds.src()[i]];
        int dst = seeds.seeds()[seeds.dst()[i]];
        targets.addAll(List.of(src + ">" + dst, dst + ">" + src));
      }
      SampledBatch sampled = sample(graph, batches, b, Fanout.of(4, Fanout.ALL));
      for (int layer = 0; layer < 2; layer++) {
        Set<String> edges = edges(sampled, layer);
        used.addAll(edges);
        edges.retainAll(targets);
        assertEquals(Set.of(), edges);
      }
    }
    assertTrue(used.size() > 300, "other batches use these edges");
  }

  @Test
  void pairsLeadBackToTheirLinksThroughLocalIds() {
    CsrGraph graph = undirected(50, new Random(2).ints(200, 0, 50).toArray());
    NodePairs links = NodePairs.ofGraph(graph, false);
    LinkPlan.Batches batches = inOrder(LinkPlan.of(links, ONE, new EdgeLookup(graph, false)), 20);
    LinkSeeds seeds = batches.links(0);
    assertEquals(40, seeds.numPairs());
    assertEquals(20, seeds.numPositives());
    SampledBatch sampled = sample(graph, batches, Fanout.of(3));
    for (int i = 0; i < 20; i++) {
      assertEquals(links.src(i), sampled.nodes()[sampled.seedLocalIds()[seeds.src()[i]]]);
      assertEquals(links.dst(i), sampled.nodes()[sampled.seedLocalIds()[seeds.dst()[i]]]);
      assertEquals(seeds.src()[i], seeds.src()[20 + i], "a negative keeps the source");
      assertEquals(i, seeds.positive()[20 + i]);
    }
  }

  private static TreeMap<Integer, Integer> countNegatives(LinkPlan plan, int numEpochs) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (int epoch = 0; epoch < numEpochs; epoch++) {
      LinkSeeds seeds = plan.batches(EpochPlan.of(new int[] {0}, 1, 5).epoch(epoch)).links(0);
      counts.merge(seeds.seeds()[seeds.dst()[1]], 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void negativesAreUniformOnTheUnlinkedNodes() {
    CsrGraph graph = graph(6, EdgeOptions.DIRECTED, 2, 1, 2, 3, 2, 4);
    LinkPlan plan = LinkPlan.of(NodePairs.of(2, 1), ONE, new EdgeLookup(graph, true));
    TreeMap<Integer, Integer> counts = countNegatives(plan, 10_000);
    assertEquals(Set.of(0, 5), counts.keySet());
    assertTrue(Math.abs(counts.get(0) - 5000) < 200, counts::toString); // 4 sigma
  }

  @Test
  void negativesAreUniformWhereTriesAreNotEnough() {
    int[] ends = IntStream.range(1, 398).flatMap(v -> IntStream.of(0, v)).toArray();
    CsrGraph graph = undirected(400, ends); // for node 0, 16 tries fail nine times of ten
    LinkPlan plan = LinkPlan.of(NodePairs.of(0, 1), ONE, new EdgeLookup(graph, false));
    TreeMap<Integer, Integer> counts = countNegatives(plan, 1600);
    assertEquals(Set.of(398, 399), counts.keySet());
    assertTrue(Math.abs(counts.get(398) - 800) < 80, counts::toString); // 4 sigma
  }

  @Test
  void pairsAreUniformWhereTriesAreNotEnough() {
    Set<Integer> free = Set.of(1, 2, 5 * 40 + 6); // 0 to 1, 0 to 2, 5 to 6
    int[] ends =
        IntStream.range(0, 1600)
            .filter(pair -> pair / 40 != pair % 40 && !free.contains(pair))
            .flatMap(pair -> IntStream.of(pair / 40, pair % 40))
            .toArray();
    EdgeLookup lookup = new EdgeLookup(graph(40, EdgeOptions.DIRECTED, ends), true);
    Negatives uniform = new Negatives(Negatives.Kind.UNIFORM, 1, true);
    LinkPlan plan = LinkPlan.of(NodePairs.of(1, 2), uniform, lookup);
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (int epoch = 0; epoch < 1200; epoch++) {
      LinkSeeds seeds = plan.batches(EpochPlan.of(new int[] {0}, 1, 5).epoch(epoch)).links(0);
      int src = seeds.seeds()[seeds.src()[1]];
      counts.merge(40 * src + seeds.seeds()[seeds.dst()[1]], 1, Integer::sum);
    }
    assertEquals(free, counts.keySet());
    counts.values().forEach(it -> assertTrue(Math.abs(it - 400) < 65, counts::toString)); // 4 sd
  }

  @Test
  void aSourceThatIsLinkedToAllHasNoNegative() {
    CsrGraph graph = undirected(4, 0, 1, 0, 2, 0, 3);
    NodePairs links = NodePairs.of(0, 1, 1, 0);
    LinkPlan plan = LinkPlan.of(links, ONE.perPositive(3), new EdgeLookup(graph, false));
    LinkSeeds seeds = inOrder(plan, 2).links(0);
    assertEquals(3, seeds.numNegatives());
    for (int i = 2; i < 5; i++) {
      assertEquals(1, seeds.positive()[i]);
      assertTrue(Set.of(2, 3).contains(seeds.seeds()[seeds.dst()[i]]));
    }
  }

  @Test
  void lenientNegativesMayBeEdges() {
    CsrGraph graph = undirected(4, 0, 1, 0, 2, 0, 3);
    Negatives lenient = ONE.strict(false).perPositive(50);
    LinkPlan plan = LinkPlan.of(NodePairs.of(0, 1), lenient, new EdgeLookup(graph, false));
    LinkSeeds seeds = inOrder(plan, 1).links(0);
    assertEquals(50, seeds.numNegatives());
    assertTrue(IntStream.range(1, 51).anyMatch(i -> seeds.seeds()[seeds.dst()[i]] == 1));
  }

  @Test
  void drawsByTheKeyOfThePositiveAndTheCounterOfTheTry() {
    CsrGraph graph = undirected(100_000, 0, 1, 2, 3);
    NodePairs links = NodePairs.of(0, 1, 2, 3);
    LinkPlan plan = LinkPlan.of(links, ONE.perPositive(2), new EdgeLookup(graph, false));
    LinkSeeds seeds = inOrder(plan, 2).links(0);
    long batchSeed = BatchRandom.batchSeed(11, 0, 0);
    int[] drawn = new int[4];
    for (int i = 0; i < 2; i++) {
      long key = BatchRandom.key(BatchRandom.key(batchSeed, -1), i);
      for (int q = 0; q < 2; q++) {
        drawn[2 * i + q] = BatchRandom.bounded(key, 64 * q, 100_000); // no edge: the first try
      }
    }
    int[] found = IntStream.range(2, 6).map(i -> seeds.seeds()[seeds.dst()[i]]).toArray();
    assertArrayEquals(drawn, found);
  }

  @Test
  void uniformNegativesHaveBothEndsOfTheirOwn() {
    CsrGraph graph = undirected(30, new Random(4).ints(80, 0, 30).toArray());
    NodePairs links = NodePairs.ofGraph(graph, false);
    EdgeLookup lookup = new EdgeLookup(graph, false);
    Negatives uniform = new Negatives(Negatives.Kind.UNIFORM, 2, true);
    LinkSeeds seeds = inOrder(LinkPlan.of(links, uniform, lookup), links.size()).links(0);
    assertEquals(3 * links.size(), seeds.numPairs());
    for (int i = links.size(); i < seeds.numPairs(); i++) {
      int src = seeds.seeds()[seeds.src()[i]];
      int dst = seeds.seeds()[seeds.dst()[i]];
      assertNotEquals(src, dst);
      assertFalse(lookup.has(src, dst));
    }
  }

  @Test
  void findsEdgesAsAScanDoes() {
    for (boolean directed : new boolean[] {true, false}) {
      EdgeOptions options = directed ? EdgeOptions.DIRECTED : EdgeOptions.UNDIRECTED;
      CsrGraph graph = graph(40, options, new Random(5).ints(300, 0, 40).toArray());
      EdgeLookup lookup = new EdgeLookup(graph, directed);
      for (int src = 0; src < 40; src++) {
        for (int dst = 0; dst < 40; dst++) {
          boolean found = false;
          for (long p = graph.rowStart(dst); p < graph.rowStart(dst + 1); p++) {
            found |= graph.neighbor(p) == src;
          }
          assertEquals(found, lookup.has(src, dst), src + ">" + dst);
        }
      }
    }
  }

  /** As rows by time are; the edges of the link 3>0 have ranks 0 and 2 of four. */
  @Test
  void findsEdgesAndTargetsInRowsOfAnyOrder() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 4, 5, 5, 5}, new int[] {3, 2, 3, 1, 2});
    EdgeLookup lookup = new EdgeLookup(graph, true);
    assertTrue(lookup.has(1, 0) && lookup.has(2, 0) && lookup.has(3, 0) && lookup.has(2, 1));
    assertFalse(lookup.has(0, 0) || lookup.has(3, 1) || lookup.has(0, 3));
    LinkPlan plan = LinkPlan.of(NodePairs.of(3, 0), IN_BATCH, lookup);
    assertEquals(Set.of("2>0", "1>0"), oneHop(graph, plan, Fanout.ALL));
  }
}
