package io.millrace.ranks.params;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scheduler of bounded staleness under a virtual clock: how long workers take together. */
class WorkerClocksTest {
  private static final int WORKERS = 4;
  private static final int UNBOUNDED = 100_000;

  /** Milliseconds that a worker takes for an iteration. */
  private interface Cost {
    long of(int worker, int iteration);
  }

  private record End(long time, int worker) {}

  /** When the last worker has ended its last iteration, in virtual milliseconds. */
  private static long simulate(int iterations, int bound, Cost cost) {
    WorkerClocks clocks = new WorkerClocks(WORKERS, bound);
    boolean[] busy = new boolean[WORKERS];
    PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::time));
    long now = 0;
    do {
      for (int w = 0; w < WORKERS; w++) {
        int iteration = (int) clocks.of(w);
        if (!busy[w] && iteration < iterations && clocks.mayBegin(w)) {
          busy[w] = true;
          ends.add(new End(now + cost.of(w, iteration), w));
          assertTrue(iteration - clocks.minimum() <= bound, "lead at the beginning");
        }
      }
      End end = ends.remove();
      now = end.time;
      busy[end.worker] = false;
      clocks.tick(end.worker);
      assertTrue(clocks.of(end.worker) - clocks.minimum() <= bound + 1L, "lead at the end");
    } while (clocks.minimum() < iterations);
    return now;
  }

  private static Cost cost(String kind) {
    return switch (kind) {
      case "in turn" -> (w, i) -> w == i % WORKERS ? 50 : 10;
      case "every fourth" -> (w, i) -> i % WORKERS == 0 && w == i / WORKERS % WORKERS ? 50 : 10;
      case "one is slow" -> (w, _) -> w == 0 ? 20 : 10;
      case "none is slow" -> (_, _) -> 10;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "in turn,      6000, 3010, 2420, 2400, 2400, 2400",
    "every fourth, 2400, 2110, 1820, 1530, 1520, 1520",
    "one is slow,  2400, 2400, 2400, 2400, 2400, 2400",
    "none is slow, 1200, 1200, 1200, 1200, 1200, 1200"
  })
  void stragglersCostWhatTheBoundLeaves(
      String kind, long s0, long s1, long s2, long s3, long s4, long unbounded) {
    long[] expected = {s0, s1, s2, s3, s4};
    for (int bound = 0; bound < expected.length; bound++) {
      assertEquals(expected[bound], simulate(120, bound, cost(kind)), kind + ", bound " + bound);
    }
    assertEquals(unbounded, simulate(120, UNBOUNDED, cost(kind)), kind);
  }

  /** The mean of ten runs, whose single ones differ by some hundredths. */
  @ParameterizedTest
  @CsvSource({"1, .89", "2, .82", "4, .765", "100000, .70"})
  void rareStragglersOfAllCostLessWithALargerBound(int bound, double expected) {
    double sum = 0;
    for (long seed = 1; seed <= 10; seed++) {
      long[][] costs = new long[WORKERS][1200];
      Random random = new Random(seed);
      for (int i = 0; i < 1200; i++) {
        for (int w = 0; w < WORKERS; w++) {
          costs[w][i] = random.nextDouble() < 0.05 ? 50 : 10;
        }
      }
      sum +=
          (double) simulate(1200, bound, (w, i) -> costs[w][i])
              / simulate(1200, 0, (w, i) -> costs[w][i]);
    }
    assertEquals(expected, sum / 10, 0.015);
  }

  @Test
  void aWorkerBeginsAsSoonAsTheSlowestIsWithinTheBound() {
    WorkerClocks clocks = new WorkerClocks(2, 2);
    for (int i = 0; i < 3; i++) {
      assertTrue(clocks.mayBegin(0), "iteration " + i);
      clocks.tick(0);
    }
    assertFalse(clocks.mayBegin(0));
    assertTrue(clocks.mayBegin(1));
    clocks.tick(1);
    assertTrue(clocks.mayBegin(0));
    assertEquals(1, clocks.minimum());
    assertEquals(1, clocks.oldest(0));
  }
}
