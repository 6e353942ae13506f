package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PipelineSizeTest {
  private static final int NUM_BATCHES = 250;

  private final GraphDataset data = TestData.random(2000, 30);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 2000).toArray(), 8, 5);

  @AfterEach
  void closeData() {
    data.close();
  }

  private PipelineBuilder builder(int workers, int slots) {
    return BatchPipeline.builder(data, Fanout.of(5, 3)).workers(workers).slots(slots);
  }

  private long drain(BatchPipeline pipeline, int epoch, Runnable afterEach) {
    EpochBatches batches = pipeline.start(plan.epoch(epoch));
    try (batches) {
      while (batches.hasNext()) {
        batches.next().close();
        afterEach.run();
      }
    }
    assertEquals(0, pipeline.slotsInUse());
    return batches.stats().batchesDigest();
  }

  @Test
  void givesTheSameBatchesWhateverIsChangedBetweenTwoBatches() {
    try (BatchPipeline fixed = builder(1, 2).build();
        BatchPipeline changed = builder(1, 1).build()) {
      SplittableRandom random = new SplittableRandom(3);
      for (int epoch = 0; epoch < 4; epoch++) {
        long expected = drain(fixed, epoch, () -> {});
        assertEquals(
            expected,
            drain(
                changed, epoch, () -> changed.resize(random.nextInt(1, 6), random.nextInt(1, 9))));
      }
    }
  }

  @Test
  void givesTheSameBatchesToAGpuWhateverIsChanged() {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (BatchPipeline fixed = builder(1, 2).build();
        BatchPipeline changed = builder(1, 1).device(cuda).deviceSlots(2).build()) {
      SplittableRandom random = new SplittableRandom(4);
      assertEquals(
          drain(fixed, 0, () -> {}),
          drain(changed, 0, () -> changed.resize(random.nextInt(1, 4), random.nextInt(1, 6))));
    }
  }

  @Test
  void moreWorkersTakePartAtOnceAndFewerLeave() {
    try (BatchPipeline pipeline = builder(1, 3).build()) {
      int[] number = {0};
      PipelineMetrics[] atLessWorkers = new PipelineMetrics[1];
      drain(
          pipeline,
          0,
          () -> {
            if (++number[0] == 20) {
              pipeline.resize(3, 6);
            } else if (number[0] == 150) {
              pipeline.resize(1, 2);
            } else if (number[0] == 170) { // all that were under way at 150 are delivered
              atLessWorkers[0] = pipeline.trace().metrics();
            }
          });
      PipelineMetrics end = pipeline.trace().metrics();

      assertEquals(NUM_BATCHES, end.total(Stage.SLICE).count());
      assertTrue(sliced(end, 1) > 0 && sliced(end, 2) > 0, end.toString());
      assertEquals(sliced(atLessWorkers[0], 1), sliced(end, 1));
      assertEquals(sliced(atLessWorkers[0], 2), sliced(end, 2));
      assertEquals(1, pipeline.numWorkers());
      assertEquals(2, pipeline.numSlots());
    }
  }

  private static long sliced(PipelineMetrics metrics, int worker) {
    return metrics
        .tracks()
        .get("worker " + worker)
        .getOrDefault(Stage.SLICE, StageTotals.NONE)
        .count();
  }

  @Test
  void countsTheTimesOfAnEpochOnceWhenAWorkerComesAndGoes() {
    try (BatchPipeline pipeline = builder(1, 3).build()) {
      pipeline.resize(3, 4);
      drain(pipeline, 0, () -> {});
      pipeline.resize(1, 4);
      long before = pipeline.trace().metrics().total(Stage.SAMPLE).wallNanos();
      int[] number = {0};
      EpochBatches batches = pipeline.start(plan.epoch(1));
      try (batches) {
        while (batches.hasNext()) {
          batches.next().close();
          pipeline.resize(++number[0] % 20 < 10 ? 1 : 3, 4);
        }
      }

      long after = pipeline.trace().metrics().total(Stage.SAMPLE).wallNanos();
      assertEquals(after - before, batches.stats().sampleNanos());
    }
  }

  @Test
  void anEpochThatEndsEarlyAfterAChangeReturnsAllSlots() {
    try (BatchPipeline pipeline = builder(2, 8).build()) {
      try (EpochBatches batches = pipeline.start(plan.epoch(0))) {
        batches.next().close();
        pipeline.resize(4, 2);
      }
      assertEquals(0, pipeline.slotsInUse());
      assertEquals(2, pipeline.numSlots());
    }
  }

  @Test
  void refusesFewerSlotsThanTheConsumerHolds() {
    try (BatchPipeline pipeline = builder(1, 3).held(3).build()) {
      BadInputException e = assertThrows(BadInputException.class, () -> pipeline.resize(1, 2));

      assertTrue(e.getMessage().contains("slots=2, held=3"), e.getMessage());
      assertThrows(BadInputException.class, () -> pipeline.resize(0, 3));
      assertEquals(3, pipeline.numSlots());
    }
  }
}
