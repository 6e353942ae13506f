package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Epochs that do not come to their end: closed early, failed, interrupted. */
@Timeout(120)
class EarlyEndTest {
  private final GraphDataset data = TestData.random(2000, 30);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 2000).toArray(), 64, 5);
  private final Fanout fanout = Fanout.of(5, 3);

  @AfterEach
  void closeData() {
    data.close();
  }

  @Test
  void takesBackEverySlotWhenClosedEarly() {
    for (int taken = 0; taken < 8; taken++) {
      try (BatchPipeline pipeline = pipeline(2)) {
        EpochBatches batches = pipeline.start(plan.epoch(0));
        List<DeviceBatch> held = new ArrayList<>();
        for (int i = 0; i < taken; i++) {
          held.add(batches.next());
          if (i % 2 == 0) {
            held.getLast().close();
          }
        }
        batches.close();
        assertEquals(0, pipeline.slotsInUse());
        assertFalse(batches.hasNext());
        for (DeviceBatch batch : held) {
          assertThrows(IllegalStateException.class, batch::features);
        }
      }
    }
  }

  @Test
  void closesWithAnEpochUnderWay() {
    BatchPipeline pipeline = pipeline(2);
    pipeline.start(plan.epoch(0)).next();
    pipeline.close();
    assertEquals(0, pipeline.slotsInUse());
    pipeline.close();
  }

  @Test
  void bringsAnExceptionOfAWorkerToItsBatch() {
    int badNode = 640;
    try (GraphDataset bad = TestData.withBadNeighborOf(badNode, 2000);
        BatchPipeline pipeline = BatchPipeline.builder(bad, Fanout.of(2)).workers(4).build()) {
      EpochPlan inOrder = EpochPlan.inOrder(IntStream.range(0, 2000).toArray(), 64, 1);
      EpochBatches batches = pipeline.start(inOrder.epoch(2));
      for (int number = 0; number < 10; number++) {
        batches.next().close();
      }
      BadInputException thrown = assertThrows(BadInputException.class, batches::next);
      assertEquals(
          "neighbour id out of range: position=640, id=2000, numNodes=2000, epoch=2, batch=10",
          thrown.getMessage());
      assertFalse(batches.hasNext());
      assertEquals(0, pipeline.slotsInUse());
      assertEquals(10, drainUntilFailure(pipeline.start(inOrder.epoch(3))));
    }
  }

  private static int drainUntilFailure(EpochBatches batches) {
    int delivered = 0;
    try (batches) {
      while (batches.hasNext()) {
        batches.next().close();
        delivered++;
      }
    } catch (BadInputException e) {
      return delivered;
    }
    throw new AssertionError("did not fail");
  }

  @Test
  void namesTheStageOfAnUnexpectedFailure() {
    Arena arena = Arena.ofShared();
    GraphDataset gone =
        GraphDataset.builder("gone", CsrGraph.of(new long[] {0, 1}, new int[] {0}))
            .features(FeatureMatrix.of(1, 1, FeatureType.FLOAT32, arena.allocate(4)))
            .build();
    arena.close();
    EpochPlan.Epoch epoch = EpochPlan.inOrder(new int[] {0}, 2, 1).epoch(4);
    try (BatchPipeline pipeline = BatchPipeline.builder(gone, fanout).build();
        EpochBatches batches = pipeline.start(epoch)) {
      PipelineException thrown = assertThrows(PipelineException.class, batches::next);
      assertTrue(
          thrown.getMessage().startsWith("slicing failed: epoch=4, batch=0"), thrown.getMessage());
      assertEquals(0, pipeline.slotsInUse());
    }
  }

  @Test
  void endsWhenTheConsumerIsInterrupted() {
    // one slot: no batch is ready before it is asked for, so the consumer has to wait
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).slots(1).build()) {
      EpochBatches batches = pipeline.start(plan.epoch(0));
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> drain(batches));
      assertTrue(Thread.interrupted());
      assertEquals(0, pipeline.slotsInUse());
    }
  }

  private static void drain(EpochBatches batches) {
    while (true) {
      batches.next().close();
    }
  }

  @Test
  @Tag("exhaustive")
  void survivesManyEarlyClosesAndUnevenConsumers() {
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(4).slots(5).build()) {
      for (int round = 0; round < 3000; round++) {
        EpochBatches batches = pipeline.start(plan.epoch(round));
        try (batches) {
          for (int i = 0; i < round % 33 && batches.hasNext(); i++) {
            DeviceBatch batch = batches.next();
            if (i % 5 == 0) {
              Thread.onSpinWait();
            }
            batch.close();
          }
        }
        assertEquals(0, pipeline.slotsInUse(), "round=" + round);
      }
    }
  }

  private BatchPipeline pipeline(int workers) {
    return BatchPipeline.builder(data, fanout).workers(workers).build();
  }
}
