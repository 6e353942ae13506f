package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.datasets.BadInputException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochPlanTest {
  private final int[] seeds = IntStream.range(100, 1103).toArray();

  @Test
  void visitsEverySeedOnceAnEpoch() {
    EpochPlan.Epoch epoch = EpochPlan.of(seeds, 64, 1).epoch(0);

    assertEquals(16, epoch.numBatches());
    assertEquals(1003 - 15 * 64, epoch.seeds(15).length);
    assertArrayEquals(seeds, Arrays.stream(all(epoch)).sorted().toArray());
  }

  @Test
  void shufflesAnewForEachEpochAndRunAndRepeatsItself() {
    int[] first = all(EpochPlan.of(seeds, 64, 1).epoch(0));

    assertArrayEquals(first, all(EpochPlan.of(seeds, 64, 1).epoch(0)));
    assertFalse(Arrays.equals(first, all(EpochPlan.of(seeds, 64, 1).epoch(1))));
    assertFalse(Arrays.equals(first, all(EpochPlan.of(seeds, 64, 2).epoch(0))));
  }

  @Test
  void bringsEverySeedToEveryPlaceEquallyOften() {
    int rounds = 40_000;
    int[][] counts = new int[5][5];
    for (int run = 0; run < rounds; run++) {
      int[] order = all(EpochPlan.of(new int[] {0, 1, 2, 3, 4}, 2, run).epoch(3));
      for (int place = 0; place < 5; place++) {
        counts[place][order[place]]++;
      }
    }
    for (int[] place : counts) {
      for (int count : place) {
        assertEquals(rounds / 5.0, count, 6 * Math.sqrt(rounds * 0.2 * 0.8));
      }
    }
  }

  @Test
  void keepsTheOrderWhenAsked() {
    assertArrayEquals(seeds, all(EpochPlan.inOrder(seeds, 64, 1).epoch(5)));
  }

  @Test
  void hasNoBatchesWithoutSeeds() {
    assertEquals(0, EpochPlan.of(new int[0], 64, 1).epoch(0).numBatches());
  }

  @Test
  void rejectsABatchSizeOfZero() {
    assertThrows(BadInputException.class, () -> EpochPlan.of(seeds, 0, 1));
  }

  private static int[] all(EpochPlan.Epoch epoch) {
    return IntStream.range(0, epoch.numBatches())
        .flatMap(b -> Arrays.stream(epoch.seeds(b)))
        .toArray();
  }
}
