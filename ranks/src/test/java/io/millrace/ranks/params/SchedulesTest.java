package io.millrace.ranks.params;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ranks.FloatSums;
import io.millrace.ranks.params.Staleness.Read;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What workers see in any order in which they compute and their updates arrive. */
class SchedulesTest {
  /** Rounds on their way to one worker; they arrive when the test says so. */
  private static final class Delivery implements Exchange {
    private final Listener listener;
    private final List<Round> submitted = new ArrayList<>();
    private int numDelivered;

    private Delivery(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void submit(Round round) {
      submitted.add(round);
    }

    @Override
    public void close() {}
  }

  /** Workers that count: each adds 1 to its own place in each iteration. */
  private static final class Cluster {
    private final Staleness staleness;
    private final int size;
    private final int iterations;
    private final Random random;
    private final KeyValueStore[] values;
    private final ParamStore[] stores;
    private final Delivery[] deliveries;
    private final long[] clocks;
    private final float[][] lastSeen;
    private final List<float[]> sums = new ArrayList<>();

    private Cluster(long seed) {
      random = new Random(seed);
      size = 1 + random.nextInt(4);
      staleness = new Staleness(random.nextInt(5), Read.values()[random.nextInt(2)]);
      iterations = 1 + random.nextInt(12);
      values = new KeyValueStore[size];
      stores = new ParamStore[size];
      deliveries = new Delivery[size];
      clocks = new long[size];
      lastSeen = new float[size][size];
      for (int w = 0; w < size; w++) {
        int worker = w;
        values[w] =
            new KeyValueStore(
                Map.of("count", new float[size]),
                updater ->
                    stores[worker] =
                        new ParamStore(
                            worker,
                            (long) size * Float.BYTES,
                            staleness,
                            updater,
                            listener -> deliveries[worker] = new Delivery(listener)));
      }
    }

    private void run() {
      int left = 100_000;
      while (!allDone()) {
        assertTrue(left-- > 0, "all finish");
        int w = random.nextInt(size);
        if (random.nextBoolean()) {
          deliver(w);
        } else if (clocks[w] < iterations) {
          iterate(w);
        }
      }
      for (int w = 0; w < size; w++) {
        while (deliver(w)) {
          // all that is under way
        }
        values[w].sync();
        for (float count : values[w].pull("count")) {
          assertEquals(iterations, count, "after a sync all are equal");
        }
      }
    }

    private boolean allDone() {
      for (long clock : clocks) {
        if (clock < iterations) {
          return false;
        }
      }
      return true;
    }

    /** Lets the next round arrive at a worker if all have submitted it. */
    private boolean deliver(int w) {
      int number = deliveries[w].numDelivered;
      for (Delivery other : deliveries) {
        if (other.submitted.size() <= number) {
          return false;
        }
      }
      Round round = deliveries[w].submitted.get(number);
      if (sums.size() == number) { // before any owner reuses its part
        round.sum().fill((byte) 0);
        for (Delivery other : deliveries) {
          other.submitted.get(number).parts().forEach(it -> FloatSums.add(round.sum(), it));
        }
        sums.add(round.sum().toArray(JAVA_FLOAT));
      }
      round.sum().copyFrom(MemorySegment.ofArray(sums.get(number)));
      deliveries[w].numDelivered++;
      deliveries[w].listener.completed(round);
      return true;
    }

    private void iterate(int w) {
      long oldest = Math.max(0, clocks[w] - staleness.bound());
      boolean permitted = deliveries[w].numDelivered >= oldest;
      assertEquals(permitted, stores[w].mayPull(), "a worker waits if and only if it must");
      if (!permitted) {
        return;
      }
      float[] seen = values[w].pull("count");
      for (int other = 0; other < size; other++) {
        if (other == w) {
          assertEquals(clocks[w], seen[w], "its own updates are there");
        } else if (staleness.read() == Read.PINNED) {
          assertEquals(oldest, seen[other], "pinned: exactly the bound");
        } else {
          assertTrue(seen[other] >= oldest && seen[other] <= clocks[other], "within the bound");
        }
        assertTrue(seen[other] >= lastSeen[w][other], "nothing is forgotten");
      }
      lastSeen[w] = seen;
      float[] one = new float[size];
      one[w] = 1;
      values[w].push("count", one);
      assertEquals(clocks[w] + 1, values[w].pull("count")[w], "at once");
      assertEquals(++clocks[w], values[w].clock());
    }
  }

  private static void check(int numSchedules) {
    for (int seed = 0; seed < numSchedules; seed++) {
      new Cluster(seed).run();
    }
  }

  @Test
  void everyWorkerSeesItsOwnUpdatesAndThoseOfOthersWithinTheBound() {
    check(300);
  }

  @Tag("exhaustive")
  @Test
  void tenThousandSchedulesKeepTheBound() {
    check(10_000);
  }
}
