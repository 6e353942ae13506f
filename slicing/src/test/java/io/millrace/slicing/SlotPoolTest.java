package io.millrace.slicing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.LimitedCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlotPoolTest {
  @Test
  void givesPageAlignedSlotsOfTheSizeAskedFor() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(2, 5000)) {
      Slot slot = pool.acquire();

      assertEquals(0, slot.memory().address() % 4096);
      assertEquals(8192, slot.memory().byteSize());
      assertEquals(1, pool.outstanding());
      slot.release();
      assertEquals(0, pool.outstanding());
    }
  }

  @Test
  void growsASlotToWhatItsBatchNeedsAndCountsIt() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(1, 4096)) {
      Slot slot = pool.acquire();
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
    try (SlotPool pool = SlotPool.of(1, 4096)) {
      Slot slot = pool.acquire();
      assertThrows(OutOfMemoryError.class, () -> slot.ensure(1L << 60));
      slot.release();

      Slot again = pool.acquire();
      again.ensure(5000);
      again.memory().fill((byte) 1);
      again.release();
    }
  }

  @Test
  void refusesToGiveASlotOnceClosed() {
    SlotPool pool = SlotPool.of(1, 1);
    pool.close();

    assertThrows(IllegalStateException.class, pool::acquire);
  }

  @Test
  void makesTheTakerWaitUntilASlotIsBack() throws Exception {
    try (SlotPool pool = SlotPool.of(1, 1)) {
      Slot slot = pool.acquire();
      CompletableFuture<Slot> waiting = new CompletableFuture<>();
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
  void growsAndShrinksToASlotThatIsInUse() throws InterruptedException {
    SlotPool pool = SlotPool.of(1, 4096);
    Slot first = pool.acquire();
    pool.resize(3);
    Slot second = pool.acquire();
    Slot third = pool.acquire();
    assertEquals(3, pool.outstanding());

    pool.resize(1);
    first.release();
    second.release();
    assertEquals(1, pool.outstanding()); // one too many was kept back, and so was the next
    third.release();
    assertEquals(0, pool.outstanding());
    Slot only = pool.acquire();
    assertEquals(1, pool.outstanding());
    pool.resize(2);
    Slot again = pool.acquire();
    assertTrue(again == first || again == second, "a slot that was kept back is used again");

    again.release();
    only.release();
    pool.close();
    for (Slot slot : List.of(first, second, third)) {
      assertFalse(slot.memory().scope().isAlive(), "a slot was not freed");
    }
    assertThrows(IllegalStateException.class, () -> pool.resize(2));
  }

  @Test
  void refusesNoSlotAtAllAndTooMany() {
    try (SlotPool pool = SlotPool.of(2, 1)) {
      assertThrows(BadInputException.class, () -> pool.resize(0));
      assertThrows(BadInputException.class, () -> pool.resize(pool.mostSlots() + 1));
      assertEquals(2, pool.numSlots());
    }
  }

  @Test
  void refusesASecondRelease() throws InterruptedException {
    try (SlotPool pool = SlotPool.of(2, 1)) {
      Slot slot = pool.acquire();
      slot.release();

      assertThrows(IllegalStateException.class, slot::release);
    }
  }

  @Test
  void refusesToFreeASlotInUse() throws InterruptedException {
    SlotPool pool = SlotPool.of(2, 1);
    Slot slot = pool.acquire();

    assertThrows(IllegalStateException.class, pool::close);
    assertTrue(slot.memory().scope().isAlive());
    slot.release();
    pool.close();
    assertFalse(slot.memory().scope().isAlive());
    pool.close();
  }

  @Test
  void takesPageLockedMemoryFromCudaAndGivesAllOfItBack() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (SlotPool pool = SlotPool.of(2, 5000, SlotMemory.pageLocked(cuda))) {
      assertEquals(List.of("host memory 8192", "host memory 8192"), cuda.left());
      Slot slot = pool.acquire();
      MemorySegment before = slot.memory();
      slot.ensure(100_000);
      slot.memory().fill((byte) 1);

      assertEquals(1, pool.growths());
      assertEquals(2, cuda.left().size(), "the smaller block was not freed");
      assertThrows(IllegalStateException.class, () -> before.fill((byte) 1));
      slot.release();
    }
    cuda.assertClean();
  }

  @Test
  void givesBackWhatItHasIfThereIsNoMemoryForAllSlots() {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    assertThrows(
        CudaException.class,
        () -> SlotPool.of(3, 5000, SlotMemory.pageLocked(new FewBlocks(cuda, 2))));
    cuda.assertClean();
  }

  @Test
  void staysUsableWhenThereIsNoPageLockedMemoryToGrow() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (SlotPool pool = SlotPool.of(1, 4096, SlotMemory.pageLocked(new FewBlocks(cuda, 1)))) {
      Slot slot = pool.acquire();
      assertThrows(CudaException.class, () -> slot.ensure(5000));
      assertEquals(List.of(), cuda.left());
      slot.release();
    }
    cuda.assertClean();
  }

  /** A page-locked block ends at 2 GiB, and a quarter more would be beyond. */
  @Test
  void growsToWhatIsNeededWhereThereIsNoRoomForMore() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    Cuda limited = new LimitedCuda(cuda, 100 * 4096);
    try (SlotPool pool = SlotPool.of(1, 4096, SlotMemory.pageLocked(limited))) {
      Slot slot = pool.acquire();
      slot.ensure(90 * 4096);
      assertEquals(90 * 4096, slot.memory().byteSize());
      assertThrows(CudaOutOfMemoryException.class, () -> slot.ensure(101 * 4096));
      slot.release();
    }
    cuda.assertClean();
  }

  @Test
  void freesTheOtherSlotsIfOneCannotBeFreed() {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    Cuda failsOnce =
        new ForwardingCuda(cuda) {
          private boolean failed;

          @Override
          public void hostFree(MemorySegment memory) {
            super.hostFree(memory);
            if (!failed) {
              failed = true;
              throw new CudaException("cudaFreeHost failed");
            }
          }
        };
    SlotPool pool = SlotPool.of(3, 1, SlotMemory.pageLocked(failsOnce));
    assertThrows(CudaException.class, pool::close);
    cuda.assertClean();
  }

  /** Has page-locked memory for a number of blocks, one after the other. */
  private static final class FewBlocks extends ForwardingCuda {
    private int numLeft;

    FewBlocks(Cuda cuda, int numBlocks) {
      super(cuda);
      numLeft = numBlocks;
    }

    @Override
    public MemorySegment hostAlloc(long bytes) {
      if (numLeft-- == 0) {
        throw new CudaException("cudaHostAlloc failed");
      }
      return super.hostAlloc(bytes);
    }
  }

  @Test
  void rejectsAPoolWithoutSlots() {
    assertThrows(BadInputException.class, () -> SlotPool.of(0, 1));
  }
}
