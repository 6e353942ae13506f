package io.millrace.sampler.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BatchRandomTest {
  @Test
  void isTheSequenceOfSplitMix64() {
    SplittableRandom reference = new SplittableRandom(42);
    for (int i = 0; i < 100; i++) {
      assertEquals(reference.nextLong(), BatchRandom.bits(42, i));
    }
  }

  @Test
  void neverChangesItsDraws() {
    assertEquals(-6411193824288604561L, BatchRandom.batchSeed(0, 0, 0));
    assertEquals(566, BatchRandom.bounded(1, 0, 1000));
  }

  @Test
  void givesEveryBatchHopAndNodeAKeyOfItsOwn() {
    Set<Long> keys = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      for (int batch = -1; batch < 50; batch++) {
        long batchSeed = BatchRandom.batchSeed(7, epoch, batch);
        for (int hop = 1; hop <= 3; hop++) {
          for (int node = 0; node < 30; node++) {
            keys.add(BatchRandom.key(BatchRandom.key(batchSeed, hop), node));
          }
        }
      }
    }
    assertEquals(20 * 51 * 3 * 30, keys.size());
    assertNotEquals(BatchRandom.batchSeed(1, 2, 3), BatchRandom.batchSeed(1, 3, 2));
  }

  /** 2^64 mod 3 is 1, so only the product 0 is refused; with bound 2^31 - 1 the remainder is 4. */
  @Test
  void refusesTheRemainderOfTwoToThe64() {
    for (int bound : new int[] {3, 10, Integer.MAX_VALUE}) {
      long remainder = Long.remainderUnsigned(-bound, bound);
      long accepted = BatchRandom.redraw(0, 1, 2, bound);
      assertTrue(Long.compareUnsigned(accepted * bound, remainder) >= 0, "bound=" + bound);
      assertNotEquals(0, accepted, "bound=" + bound);
      // The first product that is not refused keeps its bits.
      long kept = Long.divideUnsigned(-1L, bound);
      assertTrue(Long.compareUnsigned(kept * bound, remainder) >= 0);
      assertEquals(kept, BatchRandom.redraw(kept, 1, 2, bound), "bound=" + bound);
    }
  }

  @Test
  void staysBelowTheLargestBounds() {
    for (int bound : new int[] {1, 2, 3, 1 << 30, Integer.MAX_VALUE}) {
      for (int i = 0; i < 1000; i++) {
        int drawn = BatchRandom.bounded(9, i, bound);
        assertTrue(drawn >= 0 && drawn < bound, "bound=" + bound + ", drawn=" + drawn);
      }
    }
  }
}
