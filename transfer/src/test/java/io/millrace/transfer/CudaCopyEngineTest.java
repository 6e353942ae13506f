package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.LimitedCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.SlotMemory;
import io.millrace.slicing.SlotPool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine by itself, one call after the other. */
class CudaCopyEngineTest {
  private final GraphDataset data = TestData.random(100, 5);
  private final NeighborSampler sampler = NeighborSampler.of(data.graph(), Fanout.of(1));
  private final Slicer slicer = Slicer.of(data);

  @AfterEach
  void closeData() {
    data.close();
  }

  private SlicedBatch batch(SlotPool pool, int number) throws InterruptedException {
    return slicer.slice(sampler.sample(new int[] {number}, 1), pool.acquire(), 0, number);
  }

  @Test
  void makesTheseCallsInThisOrder() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    try (SlotPool pool = SlotPool.of(2, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(cuda, 2, 2, 4096)) {
      engine.submit(batch(pool, 0));
      engine.submit(batch(pool, 1)); // ahead
      assertFalse(engine.hasRoom());
      for (int number = 0; number < 2; number++) {
        DeviceBatch batch = engine.take(_ -> {});
        cuda.compute(CudaStream.LEGACY_DEFAULT, batch.labels());
        batch.close();
      }
      engine.reclaim();
      assertEquals(0, pool.outstanding());
      engine.submit(batch(pool, 2));
    }
    assertEquals(
        """
        hostAlloc 4096
        hostAlloc 4096
        streamCreate COPY
        eventCreate COPIED_A
        eventCreate CONSUMED_A
        deviceAlloc 4096
        eventCreate COPIED_B
        eventCreate CONSUMED_B
        deviceAlloc 4096
        eventCreate LEFT_1
        eventCreate LEFT_2
        streamWaitEvent COPY CONSUMED_A
        copyToDeviceAsync 1024 256 COPY
        eventRecord COPIED_A COPY
        eventRecord LEFT_1 COPY
        streamWaitEvent COPY CONSUMED_B
        copyToDeviceAsync 1024 256 COPY
        eventRecord COPIED_B COPY
        eventRecord LEFT_2 COPY
        streamWaitEvent MODEL COPIED_A
        compute 4 MODEL
        eventRecord CONSUMED_A MODEL
        streamWaitEvent MODEL COPIED_B
        compute 4 MODEL
        eventRecord CONSUMED_B MODEL
        eventQuery LEFT_1
        eventQuery LEFT_2
        streamWaitEvent COPY CONSUMED_A
        copyToDeviceAsync 1024 256 COPY
        eventRecord COPIED_A COPY
        eventRecord LEFT_1 COPY
        streamSynchronize COPY
        eventSynchronize CONSUMED_A
        deviceFree 4096
        eventDestroy COPIED_A
        eventDestroy CONSUMED_A
        eventSynchronize CONSUMED_B
        deviceFree 4096
        eventDestroy COPIED_B
        eventDestroy CONSUMED_B
        eventDestroy LEFT_2
        eventDestroy LEFT_1
        streamDestroy COPY
        hostFree 4096
        hostFree 4096
        """
            .replace("MODEL", "0x0")
            .replace("COPY", "0x1")
            .replace("COPIED_A", "0x2")
            .replace("CONSUMED_A", "0x3")
            .replace("COPIED_B", "0x4")
            .replace("CONSUMED_B", "0x5")
            .replace("LEFT_1", "0x6")
            .replace("LEFT_2", "0x7"),
        String.join("\n", cuda.calls()) + "\n");
    cuda.assertClean();
  }

  @Test
  void keepsAHostSlotUntilItsOwnCopyIsDoneThoughTheDeviceSlotIsRefilled()
      throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (SlotPool pool = SlotPool.of(3, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(cuda, 3, 2, 4096)) {
      for (int number = 0; number < 3; number++) { // the third reuses the first's device slot
        engine.submit(batch(pool, number));
        engine.take(_ -> {}).close();
      }
      assertEquals(3, pool.outstanding());
      while (pool.outstanding() == 3) {
        engine.reclaim();
      }
      assertEquals(2, pool.outstanding(), "one event, one slot");
      engine.drain();
      assertEquals(0, pool.outstanding());
    }
    cuda.assertClean();
  }

  @Test
  void forgetsWhatWasSentAheadWhenItDrains() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (SlotPool pool = SlotPool.of(2, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(cuda, 2, 2, 4096)) {
      engine.submit(batch(pool, 0));
      engine.submit(batch(pool, 1));
      engine.drain();
      assertEquals(0, pool.outstanding());
      assertTrue(engine.hasRoom());
      engine.submit(batch(pool, 2));
      DeviceBatch next = engine.take(_ -> {});
      assertEquals(2, next.number());
      next.close();
    }
    cuda.assertClean();
  }

  @Test
  void growsADeviceSlotOnlyAfterTheModelIsDoneWithIt() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (SlotPool pool = SlotPool.of(1, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(cuda, 1, 2, 1)) {
      engine.submit(batch(pool, 0));
      engine.drain();
      assertEquals(1, engine.growths());
      engine.submit(batch(pool, 1));
      DeviceBatch batch = engine.take(_ -> {});
      cuda.compute(CudaStream.LEGACY_DEFAULT, batch.features());
      batch.close();
      engine.drain();
      assertEquals(2, engine.growths());
      engine.submit(batch(pool, 2));
      assertEquals(2, engine.growths(), "it fits");
    }
    cuda.assertClean();
  }

  @Test
  void growsADeviceSlotToWhatIsNeededWhereThereIsNoRoomForMore() throws InterruptedException {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    LimitedCuda limited = new LimitedCuda(cuda, 4096);
    try (SlotPool pool = SlotPool.of(1, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(limited, 1, 1, 1)) {
      SlicedBatch batch = batch(pool, 0);
      limited.limit(batch.layout().bytes());
      engine.submit(batch);
      engine.take(_ -> {}).close();
      engine.drain();
      assertEquals(1, engine.growths());
    }
    cuda.assertClean();
  }

  @Test
  void givesBackWhatItHasIfItCannotBeBuilt() {
    for (int n = 0; n < 6; n++) {
      RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
      int failing = n;
      Cuda few =
          new ForwardingCuda(cuda) {
            private int numEvents;

            @Override
            public CudaEvent eventCreate() {
              if (numEvents++ == failing) {
                throw new CudaException("cudaEventCreateWithFlags failed");
              }
              return super.eventCreate();
            }
          };
      assertThrows(CudaException.class, () -> new CudaCopyEngine(few, 2, 2, 4096));
      assertEquals(List.of(), cuda.left());
    }
  }
}
