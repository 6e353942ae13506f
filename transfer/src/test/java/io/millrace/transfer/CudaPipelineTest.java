package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole epochs that are copied to the recording double of a GPU. */
@Timeout(120)
class CudaPipelineTest {
  private static final int NUM_BATCHES = 32;

  private final GraphDataset data = TestData.random(2000, 30);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 2000).toArray(), 64, 5);
  private final Fanout fanout = Fanout.of(5, 3);

  @AfterEach
  void closeData() {
    data.close();
  }

  @ParameterizedTest
  @EnumSource
  void showsTheModelTheSameBytesAsOnTheCpu(Schedule schedule) {
    for (int workers = 1; workers <= 4; workers++) {
      RecordingCuda cuda = new RecordingCuda(schedule, workers);
      // Slots that start with nothing grow on both sides as the batches come.
      compare(cuda, builder(cuda).workers(workers).slotBytes(1), new Random(workers), 3);
    }
  }

  @Test
  void showsTheSameBytesWithAsFewSlotsAsThereCanBe() {
    for (Schedule schedule : Schedule.values()) {
      RecordingCuda cuda = new RecordingCuda(schedule, 1);
      PipelineBuilder builder = builder(cuda).workers(1).slots(1).deviceSlots(3);
      compare(cuda, builder, new Random(1), 1);
    }
  }

  @Test
  @Tag("exhaustive")
  void showsTheSameBytesForManySchedulesAndPaces() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      RecordingCuda cuda =
          new RecordingCuda(Schedule.values()[random.nextInt(Schedule.values().length)], seed);
      int slots = 1 + random.nextInt(8);
      PipelineBuilder builder =
          builder(cuda)
              .workers(1 + random.nextInt(4))
              .slots(slots)
              .deviceSlots(3 + random.nextInt(3))
              .slotBytes(1 + random.nextInt(1 << 17));
      try {
        compare(cuda, builder, random, 2);
      } catch (Throwable t) {
        throw new AssertionError("seed=" + seed, t);
      }
    }
  }

  private void compare(RecordingCuda cuda, PipelineBuilder builder, Random random, int numEpochs) {
    List<CompletableFuture<byte[]>> seen = new ArrayList<>();
    List<Long> digests = new ArrayList<>();
    try (BatchPipeline pipeline = builder.build()) {
      for (int epoch = 0; epoch < numEpochs; epoch++) {
        EpochBatches batches = pipeline.start(plan.epoch(epoch));
        try (batches) {
          seen.addAll(ModelView.onGpu(batches, cuda, random));
        }
        assertEquals(0, pipeline.slotsInUse());
        digests.add(batches.stats().batchesDigest());
      }
    }
    cuda.finish();
    cuda.assertClean();
    List<String> expected = new ArrayList<>();
    List<Long> expectedDigests = new ArrayList<>();
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).build()) {
      for (int epoch = 0; epoch < numEpochs; epoch++) {
        expected.addAll(ModelView.onCpu(pipeline, plan.epoch(epoch)));
        EpochBatches batches = pipeline.start(plan.epoch(epoch));
        try (batches) {
          while (batches.hasNext()) {
            batches.next().close();
          }
        }
        expectedDigests.add(batches.stats().batchesDigest());
      }
    }
    assertEquals(expected, ModelView.hex(seen));
    assertEquals(expectedDigests, digests);
  }

  @ParameterizedTest
  @EnumSource
  void neverWaitsForTheGpuOnTheWay(Schedule schedule) {
    RecordingCuda cuda = new RecordingCuda(schedule, 1);
    try (BatchPipeline pipeline = builder(cuda).workers(2).build()) {
      int callsBefore = cuda.calls().size();
      try (EpochBatches batches = pipeline.start(plan.epoch(0))) {
        ModelView.onGpu(batches, cuda, new Random(1));
        assertEquals(0, cuda.numSynchronizations());
        List<String> calls = cuda.calls().subList(callsBefore, cuda.calls().size());
        assertEquals(List.of(), calls.stream().filter(this::allocatesOrFrees).toList());
        assertEquals(0, batches.stats().slotGrowths());
      }
    }
    cuda.assertClean();
  }

  private boolean allocatesOrFrees(String call) {
    return call.matches("\\w*(Alloc|Free|Create|Destroy).*");
  }

  @Test
  void copiesEachBatchInOnePieceWithoutItsNodeIds() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    long bytes = 0;
    try (BatchPipeline pipeline = builder(cuda).workers(1).build();
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          assertTrue(batch.onGpu());
          assertThrows(IllegalStateException.class, batch::nodes);
          bytes += batch.sliced().layout().bytes() - batch.sliced().layout().transferOffset();
        }
      }
    }
    assertEquals(NUM_BATCHES, copies(cuda));
    assertEquals(bytes, cuda.copiedBytes());
  }

  @Test
  void sendsFinishedBatchesAheadAsFarAsThereAreDeviceSlots() throws InterruptedException {
    for (int deviceSlots = 1; deviceSlots <= 4; deviceSlots++) {
      RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
      try (BatchPipeline pipeline =
              builder(cuda).workers(1).slots(8).deviceSlots(deviceSlots).build();
          EpochBatches batches = pipeline.start(plan.epoch(0))) {
        while (pipeline.slotsInUse() < 8) {
          Thread.sleep(1);
        }
        Thread.sleep(20); // the worker waits for a ninth slot: eight batches are finished
        DeviceBatch first = batches.next();
        assertEquals(deviceSlots, copies(cuda));
        first.close();
        batches.next();
        assertEquals(deviceSlots + 1, copies(cuda));
      }
      cuda.assertClean();
    }
  }

  private static long copies(RecordingCuda cuda) {
    return cuda.calls().stream().filter(call -> call.startsWith("copyToDeviceAsync")).count();
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindWhenClosedEarly(Schedule schedule) {
    for (int taken = 0; taken < 10; taken++) {
      RecordingCuda cuda = new RecordingCuda(schedule, taken);
      try (BatchPipeline pipeline = builder(cuda).workers(2).slotBytes(1).build()) {
        for (int epoch = 0; epoch < 3; epoch++) {
          EpochBatches batches = pipeline.start(plan.epoch(epoch));
          List<DeviceBatch> held = new ArrayList<>();
          for (int i = 0; i < taken; i++) {
            held.add(batches.next());
            cuda.compute(CudaStream.LEGACY_DEFAULT, held.getLast().features());
            if (held.size() == 3) {
              held.removeFirst().close();
            }
          }
          batches.close();
          assertEquals(0, pipeline.slotsInUse());
          held.forEach(batch -> assertThrows(IllegalStateException.class, batch::features));
        }
        pipeline.start(plan.epoch(3)).next(); // and the pipeline with an epoch under way
      }
      cuda.finish();
      cuda.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bringsAnExceptionOfAWorkerToItsBatchThoughLaterOnesWereAskedForAhead(Schedule schedule) {
    RecordingCuda cuda = new RecordingCuda(schedule, 1);
    try (GraphDataset bad = TestData.withBadNeighborOf(640, 2000);
        BatchPipeline pipeline =
            BatchPipeline.builder(bad, Fanout.of(2)).workers(4).device(cuda).build()) {
      EpochPlan inOrder = EpochPlan.inOrder(IntStream.range(0, 2000).toArray(), 64, 1);
      for (int epoch = 0; epoch < 2; epoch++) {
        EpochBatches batches = pipeline.start(inOrder.epoch(epoch));
        for (int number = 0; number < 10; number++) {
          DeviceBatch batch = batches.next();
          assertEquals(number, batch.number());
          batch.close();
        }
        BadInputException thrown = assertThrows(BadInputException.class, batches::next);
        assertTrue(
            thrown.getMessage().endsWith("epoch=" + epoch + ", batch=10"), thrown.getMessage());
        assertFalse(batches.hasNext());
        assertEquals(0, pipeline.slotsInUse());
      }
    }
    cuda.assertClean();
  }

  @Test
  void refusesToWaitForDeviceSlotsThatTheConsumerHolds() {
    RecordingCuda cuda = new RecordingCuda(Schedule.RANDOM, 1);
    try (BatchPipeline pipeline = builder(cuda).workers(2).deviceSlots(2).build();
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      DeviceBatch first = batches.next();
      batches.next();
      assertThrows(IllegalStateException.class, batches::next);
      first.close();
      assertEquals(2, batches.next().number());
    }
    cuda.assertClean();
  }

  @Test
  void endsWhenTheConsumerIsInterrupted() {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (BatchPipeline pipeline = builder(cuda).workers(1).slots(1).build()) {
      EpochBatches batches = pipeline.start(plan.epoch(0));
      batches.next();
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, batches::next);
      assertTrue(Thread.interrupted());
      assertEquals(0, pipeline.slotsInUse());
    }
    cuda.assertClean();
  }

  @Test
  void countsGrowthOnBothSides() {
    RecordingCuda cuda = new RecordingCuda(Schedule.RANDOM, 1);
    try (BatchPipeline pipeline =
        builder(cuda).workers(1).slots(1).deviceSlots(2).slotBytes(1).build()) {
      EpochBatches batches = pipeline.start(plan.epoch(0));
      batches.next().close();
      assertEquals(2, batches.stats().slotGrowths());
      batches.close();
    }
    cuda.assertClean();
  }

  @Test
  void rejectsASingleDeviceSlot() {
    assertThrows(BadInputException.class, () -> BatchPipeline.builder(data, fanout).deviceSlots(0));
  }

  @Test
  void saysWhereTheBatchesGo() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    try (BatchPipeline pipeline = builder(cuda).build()) {
      assertSame(cuda, assertInstanceOf(Placement.Gpu.class, pipeline.placement()).cuda());
    }
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).build()) {
      assertInstanceOf(Placement.Cpu.class, pipeline.placement());
    }
  }

  private PipelineBuilder builder(RecordingCuda cuda) {
    return BatchPipeline.builder(data, fanout).device(cuda).slotBytes(1 << 20);
  }
}
