package io.millrace.slicing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.BadInputException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PinnedPoolTest {
  @Test
  void givesPageAlignedSlotsOfTheSizeAskedFor() throws InterruptedException {
    try (PinnedPool pool = PinnedPool.of(2, 5000)) {
      PinnedSlot slot = pool.acquire();

      assertEquals(0, slot.memory().address() % 4096);
      assertEquals(8192, slot.memory().byteSize());
      assertEquals(1, pool.outstanding());
      slot.release();
      assertEquals(0, pool.outstanding());
    }
  }

  @Test
  void growsASlotToWhatItsBatchNeedsAndCountsIt() throws InterruptedException {
    try (PinnedPool pool = PinnedPool.of(1, 4096)) {
      PinnedSlot slot = pool.acquire();
      MemorySegment before = slot.memory();
      slot.ensure(4096);
      assertEquals(0, pool.growths());

      slot.ensure(100_000);

      assertEquals(1, pool.growths());
      assertTrue(slot.memory().byteSize() >= 100_000);
      assertFalse(before.scope().isAlive(), "the smaller block was not freed");
      slot.release();
    }
  }

  @Test
  void staysUsableWhenThereIsNoMemoryToGrow() throws InterruptedException {
    try (PinnedPool pool = PinnedPool.of(1, 4096)) {
      PinnedSlot slot = pool.acquire();
      assertThrows(OutOfMemoryError.class, () -> slot.ensure(1L << 60));
      slot.release();

      PinnedSlot again = pool.acquire();
      again.ensure(5000);
      again.memory().fill((byte) 1);
      again.release();
    }
  }

  @Test
  void refusesToGiveASlotOnceClosed() {
    PinnedPool pool = PinnedPool.of(1, 1);
    pool.close();

    assertThrows(IllegalStateException.class, pool::acquire);
  }

  @Test
  void makesTheTakerWaitUntilASlotIsBack() throws Exception {
    try (PinnedPool pool = PinnedPool.of(1, 1)) {
      PinnedSlot slot = pool.acquire();
      CompletableFuture<PinnedSlot> waiting = new CompletableFuture<>();
      Thread.ofPlatform()
          .start(
              () -> {
                try {
                  waiting.complete(pool.acquire());
                } catch (InterruptedException e) {
                  waiting.completeExceptionally(e);
                }
              });
      Thread.sleep(50);
      assertFalse(waiting.isDone());
      slot.release();
      waiting.get(10, TimeUnit.SECONDS).release();
    }
  }

  @Test
  void refusesASecondRelease() throws InterruptedException {
    try (PinnedPool pool = PinnedPool.of(2, 1)) {
      PinnedSlot slot = pool.acquire();
      slot.release();

      assertThrows(IllegalStateException.class, slot::release);
    }
  }

  @Test
  void refusesToFreeASlotInUse() throws InterruptedException {
    PinnedPool pool = PinnedPool.of(2, 1);
    PinnedSlot slot = pool.acquire();

    assertThrows(IllegalStateException.class, pool::close);
    assertTrue(slot.memory().scope().isAlive());
    slot.release();
    pool.close();
    assertFalse(slot.memory().scope().isAlive());
    pool.close();
  }

  @Test
  void rejectsAPoolWithoutSlots() {
    assertThrows(BadInputException.class, () -> PinnedPool.of(0, 1));
  }
}
