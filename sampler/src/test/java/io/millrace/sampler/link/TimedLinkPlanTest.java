package io.millrace.sampler.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.datasets.links.TimedLinks;
import io.millrace.sampler.EpochPlan;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimedLinkPlanTest {
  /** 0 writes to 1, 2, 3 and 1 again; 4 writes to 2 at the time of the last. */
  private static final TimedLinks EVENTS =
      new TimedLinks(
          new int[] {0, 0, 0, 0, 4}, new int[] {1, 2, 3, 1, 2}, new long[] {10, 20, 30, 40, 40});

  private static LinkBatches inOrder(TimedLinkPlan plan, int batchSize, int epoch) {
    int[] all = IntStream.range(0, plan.size()).toArray();
    return plan.batches(EpochPlan.inOrder(all, batchSize, 11).epoch(epoch));
  }

  @Test
  void endsAndNegativesAreAtTheTimeOfTheirEvent() {
    LinkBatches batches = inOrder(TimedLinkPlan.of(EVENTS, 2, EVENTS, 5), 5, 0);
    LinkSeeds links = batches.links(0);
    long[] times = batches.times(0).orElseThrow();
    assertArrayEquals(new int[] {0, 0, 0, 0, 4, 1, 2, 3, 1, 2}, Arrays.copyOf(links.seeds(), 10));
    assertEquals(links.seeds().length, times.length);
    for (int pair = 0; pair < links.numPairs(); pair++) {
      long time = EVENTS.times()[links.positive()[pair]];
      assertEquals(time, times[links.src()[pair]]);
      assertEquals(time, times[links.dst()[pair]]);
    }
  }

  /** Before 10 there is none; before 20 there is 1, before 30 there are 1 and 2, later also 3. */
  @Test
  void negativesHaveBeenADestinationBefore() {
    TimedLinkPlan plan = TimedLinkPlan.of(EVENTS, 1, EVENTS, 5);
    List<Set<Integer>> drawn =
        IntStream.range(0, 5).mapToObj(_ -> (Set<Integer>) new HashSet<Integer>()).toList();
    for (int epoch = 0; epoch < 60; epoch++) {
      LinkSeeds links = inOrder(plan, 5, epoch).links(0);
      for (int pair = 5; pair < links.numPairs(); pair++) {
        drawn.get(links.positive()[pair]).add(links.seeds()[links.dst()[pair]]);
      }
    }
    assertEquals(
        List.of(Set.of(), Set.of(1), Set.of(1, 2), Set.of(2, 3), Set.of(1, 3)),
        drawn,
        "a former partner may be one, the partner at that time may not");
  }

  /** At 5, node 2 has an event with 1, whose source in an undirected graph is 1, and one with 4. */
  @Test
  void partnersAtThatTimeAreNoNegativesInEitherDirection() {
    TimedLinks events =
        new TimedLinks(new int[] {0, 2, 1, 2}, new int[] {1, 3, 2, 4}, new long[] {1, 1, 5, 5});
    TimedLinkPlan plan = TimedLinkPlan.of(events, 4, events, 5);
    for (int epoch = 0; epoch < 20; epoch++) {
      LinkSeeds links = inOrder(plan, 4, epoch).links(0);
      assertEquals(8, links.numNegatives());
      for (int pair = 4; pair < links.numPairs(); pair++) {
        assertEquals(3, links.seeds()[links.dst()[pair]]);
      }
    }
  }

  @Test
  void rejectsEventsBeforeWhichThereIsNone() {
    TimedLinks events = new TimedLinks(new int[] {0, 1}, new int[] {1, 2}, new long[] {7, 7});
    BadInputException error =
        assertThrows(BadInputException.class, () -> TimedLinkPlan.of(events, 1, events, 3));
    assertEquals(
        "negatives need destinations of earlier events, and all are at the same time: events=2,"
            + " time=7",
        error.getMessage());
  }

  @Test
  void findsTheOnlyDestinationThatIsLeft() {
    int count = 1000;
    int[] src = new int[2 * count];
    int[] dst = new int[2 * count];
    long[] times = new long[2 * count];
    for (int i = 0; i < 2 * count; i++) { // at 7, node 0 writes to all that were written to but one
      src[i] = i < count ? count + 1 : 0;
      dst[i] = i < count ? 1 + i : 1 + Math.min(i - count, count - 2);
      times[i] = i < count ? 3 : 7;
    }
    TimedLinks all = new TimedLinks(src, dst, times);
    LinkSeeds links = inOrder(TimedLinkPlan.of(all, 1, all, count + 2), 2 * count, 0).links(0);
    assertEquals(count, links.numNegatives());
    for (int pair = links.numPositives(); pair < links.numPairs(); pair++) {
      assertEquals(count, links.seeds()[links.dst()[pair]]);
    }
  }

  @Test
  void negativesDependOnNothingThatComesLater() {
    Random random = new Random(3);
    int[] src = random.ints(600, 0, 50).toArray();
    int[] dst = random.ints(600, 0, 50).toArray();
    long[] times = random.longs(600, 0, 300).sorted().toArray();
    TimedLinks all = new TimedLinks(src, dst, times);
    int cut = all.countBefore(200);
    for (int i = cut; i < 600; i++) {
      src[i] = 50 + random.nextInt(9);
      dst[i] = 50 + random.nextInt(9);
    }
    TimedLinks changed = new TimedLinks(src, dst, times);
    TimedLinks early =
        new TimedLinks(Arrays.copyOf(src, cut), Arrays.copyOf(dst, cut), Arrays.copyOf(times, cut));
    LinkBatches expected = inOrder(TimedLinkPlan.of(early, 3, early, 60), 64, 0);
    LinkBatches found = inOrder(TimedLinkPlan.of(early, 3, changed, 60), 64, 0);
    assertTrue(expected.numBatches() > 4);
    for (int batch = 0; batch < expected.numBatches(); batch++) {
      assertArrayEquals(expected.seeds(batch), found.seeds(batch));
      assertArrayEquals(expected.times(batch).orElseThrow(), found.times(batch).orElseThrow());
    }
  }

  /** Rows by time; the input was 0>1 at 5, 2>1 at 5, 1>2 at 3, and 1>1. */
  @Test
  void eventsAreInTheOrderOfTimeAndInputAndOnce() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 5, 7}, new int[] {1, 2, 1, 0, 2, 1, 1});
    EdgeAttributes edges =
        EdgeAttributes.NONE
            .withTimes(MemorySegment.ofArray(new long[] {5, 3, 4, 5, 5, 3, 5}))
            .withIds(MemorySegment.ofArray(new long[] {0, 2, 3, 0, 1, 2, 1}));
    try (GraphDataset data = GraphDataset.builder("both", graph).edges(edges).build()) {
      TimedLinks links = TimedLinks.of(data);
      assertArrayEquals(new int[] {1, 0, 1}, links.src());
      assertArrayEquals(new int[] {2, 1, 2}, links.dst());
      assertArrayEquals(new long[] {3, 5, 5}, links.times());
    }
    try (GraphDataset untimed = GraphDataset.builder("untimed", graph).build()) {
      BadInputException error = assertThrows(BadInputException.class, () -> TimedLinks.of(untimed));
      assertEquals("edges of the dataset have no times: dataset=untimed", error.getMessage());
    }
  }

  @Test
  void partsAreCutBetweenTimes() {
    TimeSplit split = new TimeSplit(.2, .2);
    assertArrayEquals(new long[] {10, 20, 30}, split.of(EVENTS, Split.TRAIN).times());
    assertArrayEquals(new long[] {40, 40}, split.of(EVENTS, Split.VALID).times());
    assertEquals(0, split.of(EVENTS, Split.TEST).size());
    BadInputException error = assertThrows(BadInputException.class, () -> new TimeSplit(.5, .5));
    assertTrue(error.getMessage().startsWith("shares must be above 0"));
    assertThrows(
        BadInputException.class,
        () -> TimedLinkPlan.of(split.of(EVENTS, Split.TEST), 1, EVENTS, 5));
  }
}
