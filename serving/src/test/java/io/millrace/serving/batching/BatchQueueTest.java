package io.millrace.serving.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final double SLO = 20;
  private static final long MILLI = 1_000_000;
  private static final double RUN = 12_000;

  /** 2 ms and 0.1 ms per node: a batch of 80 takes half of the objective. */
  private static final Traffic.Latency LATENCY = (size, _) -> 2 + 0.1 * size;

  /** Nodes per second at the largest batch that meets half of the objective. */
  private static final double CAPACITY = 80 / 10.0 * 1000;

  private static Traffic.Outcome at(double load) {
    return new Traffic(SLO, new AimdLimit(1, 1), true, LATENCY).run(load * CAPACITY, RUN, 1);
  }

  @Test
  void whatIsAcceptedIsInTimeAtAnyLoadAndGoodputStays() {
    double best = 0;
    for (double load : new double[] {0.5, 0.9, 1.5}) {
      Traffic.Outcome outcome = at(load);
      assertTrue(outcome.percentile99() <= SLO, load + ": P99 " + outcome.percentile99());
      best = Math.max(best, outcome.goodput());
      if (load <= 0.9) {
        double refused = (double) (outcome.refused() + outcome.expired());
        assertTrue(refused / (load * CAPACITY * RUN / 1000) < 0.02, load + ": " + refused);
      }
    }
    Traffic.Outcome twice = at(2);
    assertTrue(twice.percentile99() <= SLO, "P99 " + twice.percentile99());
    assertTrue(
        twice.goodput() >= 0.9 * Math.max(best, twice.goodput()), twice.goodput() + " of " + best);
    assertTrue(twice.refused() > 0.3 * 2 * CAPACITY * RUN / 1000, "half of it is too much");
  }

  @Test
  void withoutSheddingItCollapsesUnderOverload() {
    Traffic.Outcome outcome =
        new Traffic(SLO, new AimdLimit(1, 1), false, LATENCY).run(2 * CAPACITY, RUN, 1);
    assertTrue(outcome.goodput() < 0.1 * CAPACITY, "goodput " + outcome.goodput());
  }

  @Test
  void batchesOfOneServeAFractionOfTheLoad() {
    Traffic one = new Traffic(SLO, new AimdLimit(1, 0), true, LATENCY);
    Traffic.Outcome outcome = one.run(CAPACITY, RUN, 1);
    assertEquals(1, one.largestBatch());
    assertTrue(outcome.goodput() < 0.1 * CAPACITY, "goodput " + outcome.goodput());
    assertTrue(at(1).goodput() > 8 * outcome.goodput());
  }

  @Test
  void recoversWithinTwentyBatchesFromASlowDownAndFromPauses() {
    Traffic slow =
        new Traffic(
            SLO,
            new AimdLimit(1, 1),
            true,
            (size, now) -> (now > RUN / 2 ? 4 : 1) * (2 + 0.1 * size));
    Traffic.Outcome outcome = slow.run(CAPACITY, RUN, 2);
    int begin = Traffic.firstAbove(slow.batchMillis(), 11); // half of the objective, and a step
    double after = Traffic.Outcome.percentile99(slow.from(begin + 20, outcome));
    assertTrue(after <= SLO, "P99 " + after);

    Traffic pausing =
        new Traffic(
            SLO,
            new AimdLimit(1, 1),
            true,
            (size, now) -> 2 + 0.1 * size + (now % 4000 < 3 && now > 3000 ? 200 : 0));
    Traffic.Outcome paused = pausing.run(0.9 * CAPACITY, RUN, 3);
    assertTrue(paused.percentile99() <= SLO, "P99 " + paused.percentile99());
    assertTrue(paused.goodput() > 0.8 * 0.9 * CAPACITY, "goodput " + paused.goodput());
  }

  /** Batches of a queue that is never empty. */
  private static List<Integer> sizes(
      BatchQueue<Integer> queue, int count, IntToLongFunction latency) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      while (queue.size() < queue.limit()) {
        queue.add(0, Long.MAX_VALUE, 0);
      }
      int size = queue.take(0, new ArrayList<>()).size();
      queue.finished(latency.applyAsLong(size), (long) SLO * MILLI);
      sizes.add(size);
    }
    return sizes;
  }

  /** The same as of {@link AimdLimit} alone: nothing is taken for a pause here. */
  @Test
  void fullBatchesSwingBelowTheObjectiveAndFollowAJump() {
    BatchQueue<Integer> queue = new BatchQueue<>(100, 0, new AimdLimit(1, 1));
    IntToLongFunction fast = size -> 5 * MILLI + size * MILLI / 2;
    assertEquals(31, sizes(queue, 31, fast).getLast());
    assertEquals(List.of(27, 28, 29, 30, 31, 27, 28, 29, 30), sizes(queue, 9, fast));
    assertEquals(
        List.of(31, 27, 24, 21, 18, 16, 14, 12, 10, 11, 9, 10, 11),
        sizes(queue, 13, size -> 10 * MILLI + size * MILLI));
  }

  @Test
  void aSinglePauseDoesNotShrinkTheLimitAndASlownessDoes() {
    BatchQueue<Integer> queue = new BatchQueue<>(100, 0, new AimdLimit(64, 1));
    IntToLongFunction fast = size -> 2 * MILLI + size * MILLI / 10;
    IntToLongFunction slow = size -> 5 * fast.applyAsLong(size);
    sizes(queue, 5, fast);
    int before = queue.limit();
    for (int i = 0; i < 3; i++) {
      sizes(queue, 1, slow);
      sizes(queue, 4, fast);
    }
    assertTrue(queue.limit() >= before, before + " -> " + queue.limit());
    before = queue.limit();
    sizes(queue, 3, slow);
    assertTrue(queue.limit() < before, before + " -> " + queue.limit());
  }

  /**
   * Lognormal times around {@link #LATENCY}, and in some batches a pause of 10 to 40 ms.
   *
   * @param pauses one batch in so many has one; 0 for none
   */
  private static Traffic.Latency noisy(int pauses) {
    Random random = new Random(7);
    return (size, now) ->
        LATENCY.millis(size, now) * Math.exp(0.3 * random.nextGaussian() - 0.045)
            + (pauses > 0 && random.nextInt(pauses) == 0 ? 10 + 30 * random.nextDouble() : 0);
  }

  private static Traffic.Outcome noisy(AimdLimit limit, double load, int pauses) {
    return new Traffic(SLO, limit, true, noisy(pauses)).run(load * CAPACITY, RUN / 2, 8);
  }

  @Test
  void whatIsAcceptedIsInTimeAndGoodputStaysIfTimesVary() {
    for (int pauses : new int[] {0, 500}) {
      List<Double> goodput = new ArrayList<>();
      for (double load : new double[] {0.5, 0.9, 1.5, 2}) {
        Traffic.Outcome aimd = noisy(new AimdLimit(1, 1), load, pauses);
        Traffic.Outcome fixed = noisy(new AimdLimit(64, 0), load, pauses);
        goodput.add(aimd.goodput());
        String at = "load " + load + ", pauses " + pauses;
        assertTrue(aimd.percentile99() <= SLO, at + ": P99 " + aimd.percentile99());
        assertTrue(aimd.goodput() >= 0.95 * fixed.goodput(), at + ": " + fixed.goodput() + goodput);
      }
      assertTrue(goodput.getLast() >= 0.9 * Collections.max(goodput), goodput.toString());
    }
  }

  @Test
  void expiredWorkIsNeverComputed() {
    BatchQueue<String> queue = new BatchQueue<>(10, 0, new AimdLimit(5, 1));
    queue.add("late", 10, 0);
    queue.add("good", 30, 0);
    queue.add("soon", 20, 0);
    List<String> expired = new ArrayList<>();
    assertEquals(List.of("soon", "good"), queue.take(10, expired), "the earliest deadline first");
    assertEquals(List.of("late"), expired);
  }

  @Test
  void waitsForCompanyOnlyIfAsked() {
    BatchQueue<String> queue = new BatchQueue<>(10, 2 * MILLI, new AimdLimit(2, 1));
    assertEquals(OptionalLong.empty(), queue.readyAt());
    queue.add("a", 100 * MILLI, 5);
    assertEquals(OptionalLong.of(5 + 2 * MILLI), queue.readyAt());
    queue.add("b", 100 * MILLI, 6);
    assertEquals(OptionalLong.of(5), queue.readyAt(), "the batch is full");
  }

  @Test
  void refusesWhatWouldNotFitOrNotBeInTimeAndSaysHowLongItWouldTake() {
    BatchQueue<Integer> queue = new BatchQueue<>(5, 0, new AimdLimit(1, 0));
    assertFalse(queue.refusal(5, 1, 0).isPresent(), "nothing is known yet");
    assertTrue(queue.refusal(6, Long.MAX_VALUE, 0).isPresent(), "the queue is too small");
    queue.add(1, Long.MAX_VALUE, 0);
    queue.take(0, new ArrayList<>());
    queue.finished(10 * MILLI, MILLI);
    queue.add(1, Long.MAX_VALUE, 0);
    assertEquals(OptionalLong.empty(), queue.refusal(1, 23 * MILLI, 0));
    assertEquals(OptionalLong.of(30 * MILLI), queue.refusal(2, 30 * MILLI, 0));
    queue.take(0, new ArrayList<>());
    queue.finished(100 * MILLI, MILLI);
    assertEquals(OptionalLong.empty(), queue.refusal(1, MILLI, 0), "idle: it is tried");
  }

  @Test
  void lineThroughBatchesFollowsTheirSizes() {
    ServiceTime time = new ServiceTime();
    assertEquals(0, time.of(9));
    time.add(1, 11 * MILLI);
    assertEquals(11 * MILLI, time.of(50), "nothing is known of larger ones");
    for (int size : Arrays.asList(10, 20, 5, 30)) {
      time.add(size, 10 * MILLI + size * MILLI);
    }
    assertEquals(60.0 * MILLI, time.of(50), MILLI);
  }
}
