package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
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

  @Test
  void dividesTheSeedsOfEachStepIntoBatchesOfAboutTheSameSize() {
    int[] few = IntStream.range(0, 22).toArray();
    EpochPlan.Epoch epoch = EpochPlan.inOrder(few, 10, 1).divided(3).epoch(0);
    assertEquals(3, epoch.numSteps());
    assertEquals(8, epoch.numBatches());
    int[][] expected = {
      {0, 1, 2}, {3, 4, 5}, {6, 7, 8, 9}, {10, 11, 12}, {13, 14, 15}, {16, 17, 18, 19}, {20}, {21}
    };
    for (int batch = 0; batch < expected.length; batch++) {
      assertArrayEquals(expected[batch], epoch.seeds(batch), "batch " + batch);
      assertEquals(batch / 3, epoch.stepOf(batch));
    }
    assertEquals(2, epoch.numBatches(2));
    assertEquals(6, epoch.firstBatch(2));
    assertArrayEquals(new int[] {20, 21}, epoch.stepSeeds(2));
  }

  @Test
  void dividedStepsHoldTheSeedsOfTheUndividedBatches() {
    EpochPlan plan = EpochPlan.of(seeds, 64, 1);
    for (int parts : new int[] {1, 2, 3, 8, 63, 64}) {
      EpochPlan.Epoch epoch = plan.divided(parts).epoch(2);
      assertArrayEquals(all(plan.epoch(2)), all(epoch), "parts " + parts);
      for (int step = 0; step < epoch.numSteps(); step++) {
        assertArrayEquals(plan.epoch(2).seeds(step), epoch.stepSeeds(step), "parts " + parts);
      }
      for (int batch = 0; batch < epoch.numBatches(); batch++) {
        assertTrue(epoch.seeds(batch).length > 0, "parts " + parts + ", batch " + batch);
      }
    }
  }

  @Test
  void rejectsMoreVirtualNodesThanSeedsInABatch() {
    EpochPlan plan = EpochPlan.of(seeds, 64, 1);
    assertThrows(BadInputException.class, () -> plan.divided(65));
    assertThrows(BadInputException.class, () -> plan.divided(0));
  }

  private static int[] all(EpochPlan.Epoch epoch) {
    return IntStream.range(0, epoch.numBatches())
        .flatMap(b -> Arrays.stream(epoch.seeds(b)))
        .toArray();
  }
}
