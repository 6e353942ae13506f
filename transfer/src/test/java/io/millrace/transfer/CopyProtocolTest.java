package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule of the copy protocol is needed, and its breach found: {@link Mutant}s break one each,
 * in every schedule of the double.
 */
@Timeout(120)
class CopyProtocolTest {
  private final GraphDataset data = TestData.random(600, 20);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 600).toArray(), 32, 5);
  private final Fanout fanout = Fanout.of(4, 3);

  @AfterEach
  void closeData() {
    data.close();
  }

  @ParameterizedTest
  @EnumSource
  void holdsAsItIs(Schedule schedule) {
    for (int seed = 0; seed < 5; seed++) {
      RecordingCuda cuda = new RecordingCuda(schedule, seed);
      check(cuda, cuda);
    }
  }

  static Stream<Arguments> mutants() {
    return Stream.of(Mutant.values())
        .flatMap(
            mutant -> Stream.of(Schedule.values()).map(schedule -> Arguments.of(mutant, schedule)));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void isFoundOutWhenARuleIsBroken(Mutant mutant, Schedule schedule) {
    RecordingCuda cuda = new RecordingCuda(schedule, 1);
    Throwable found = assertThrows(Throwable.class, () -> check(mutant.of(cuda), cuda));

    String evidence = cuda.violations() + " " + found.getMessage();
    assertTrue(evidence.contains(mutant.rule), evidence);
  }

  @ParameterizedTest
  @EnumSource
  void findsAModelThatReadsABatchAfterItWasClosed(Schedule schedule) {
    RecordingCuda cuda = new RecordingCuda(schedule, 1);
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).device(cuda).build();
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      assertThrows(
          PipelineException.class,
          () -> {
            while (true) {
              DeviceBatch batch = batches.next();
              var features = batch.features();
              batch.close();
              cuda.compute(CudaStream.LEGACY_DEFAULT, features);
            }
          });
    } catch (AssertionError e) {
      // the shutdown finds it too, for the read is not known to be done
    }
    assertEquals("a device slot is refilled before it was consumed", cuda.violations().getFirst());
  }

  /**
   * Two epochs, the first ended early, through slots that must grow; fails if a rule is broken, if
   * the model sees other bytes than on the CPU, if something is left behind, or if the host waits
   * for the GPU without need.
   */
  private void check(Cuda cuda, RecordingCuda recording) {
    List<CompletableFuture<byte[]>> seen = new ArrayList<>();
    try (BatchPipeline pipeline =
        BatchPipeline.builder(data, fanout)
            .workers(1)
            .slots(4)
            .deviceSlots(3)
            .slotBytes(4096)
            .device(cuda)
            .build()) {
      try (EpochBatches batches = pipeline.start(plan.epoch(0))) {
        for (int i = 0; i < 6; i++) {
          awaitFinishedBatches(pipeline);
          try (DeviceBatch batch = batches.next()) {
            recording.compute(CudaStream.LEGACY_DEFAULT, batch.features());
          }
        }
      }
      EpochBatches batches = pipeline.start(plan.epoch(1));
      try (batches) {
        int before = recording.numSynchronizations();
        long growths = batches.stats().slotGrowths();
        seen.addAll(ModelView.onGpu(batches, recording, new Random(1)));
        long waits = recording.numSynchronizations() - before;
        assertTrue(
            waits <= 2 * (batches.stats().slotGrowths() - growths),
            "the host waits for the GPU: " + waits);
      }
    }
    recording.finish();
    recording.assertClean();
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).build()) {
      assertEquals(
          ModelView.onCpu(pipeline, plan.epoch(1)), ModelView.hex(seen), "other bytes than on CPU");
    }
  }

  /** So that some are sent ahead, and under way when the epoch ends. */
  private static void awaitFinishedBatches(BatchPipeline pipeline) {
    try {
      while (pipeline.slotsInUse() < 4) {
        Thread.sleep(1);
      }
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
