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
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.SlotMemory;
import io.millrace.slicing.SlotPool;
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
  void holdsAsItIs(Schedule schedule) throws InterruptedException {
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
   * The engine by hand; then two epochs, the first ended early, through slots that must grow. Fails
   * if a rule is broken, if the model sees other bytes than on the CPU, if something is left
   * behind, or if the host waits for the GPU without need.
   */
  private void check(Cuda cuda, RecordingCuda recording) throws InterruptedException {
    driveEngine(cuda, recording);
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
            waits <= batches.stats().slotGrowths() - growths,
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

  /**
   * Uses the engine by hand, so that each rule is needed whatever the speed of the workers: three
   * batches a round through two device slots, with nothing asked of the GPU between. The slots come
   * back by waiting in one round and by asking in the next; in the end the batches outgrow them.
   */
  private void driveEngine(Cuda cuda, RecordingCuda recording) throws InterruptedException {
    int[] seedsOfRound = {1, 1, 1, 60, 300};
    try (SlotPool pool = SlotPool.of(3, 4096, SlotMemory.pageLocked(cuda));
        CudaCopyEngine engine = new CudaCopyEngine(cuda, 3, 2, 4096)) {
      for (int round = 0; round < seedsOfRound.length; round++) {
        int numSeeds = seedsOfRound[round];
        engine.submit(batch(pool, numSeeds));
        engine.submit(batch(pool, numSeeds));
        compute(engine, recording);
        engine.submit(batch(pool, numSeeds)); // to where the first one was
        compute(engine, recording);
        compute(engine, recording);
        if (round % 2 == 0) {
          engine.drain();
        }
        while (pool.outstanding() > 0) {
          engine.reclaim();
        }
      }
      assertTrue(engine.growths() >= 2);
    }
  }

  private SlicedBatch batch(SlotPool pool, int numSeeds) throws InterruptedException {
    NeighborSampler sampler = NeighborSampler.of(data.graph(), fanout);
    SampledBatch sampled = sampler.sample(IntStream.range(0, numSeeds).toArray(), 1);
    return Slicer.of(data).slice(sampled, pool.acquire(), 0, 0);
  }

  private static void compute(CudaCopyEngine engine, RecordingCuda recording) {
    DeviceBatch batch = engine.take(_ -> {});
    recording.compute(CudaStream.LEGACY_DEFAULT, batch.features());
    batch.close();
  }
}
